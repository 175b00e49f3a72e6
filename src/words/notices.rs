//! What people should know about the file of connections, in sentences.

use crate::settings::notice::Notice;
use crate::settings::{Connection, ConnectionId};

/// One notice as a sentence. `connections` are those that were read, for their names.
#[must_use]
pub fn notice(notice: &Notice, connections: &[Connection]) -> String {
    let name = |id: &ConnectionId| {
        let found = connections.iter().find(|one| one.id == *id);
        super::quoted(found.map_or_else(|| id.as_str(), |one| &one.name))
    };
    match notice {
        Notice::SetAside { to, line } => format!(
            "The file of connections could not be read (line {line}); it is now called {} and nothing of it is lost.",
            to.display()
        ),
        Notice::Newer { schema } => format!(
            "A newer version of the program wrote the connections (schema {schema}): they can be used, but changes are \
             not saved."
        ),
        Notice::Refused(id, problem) => format!("In the connection {}, {problem}.", name(id)),
        Notice::Skipped(number) => format!(
            "The connection number {number} in the file has no usable id and is left out; it stays in the file."
        ),
        Notice::SecretInFile(id) => format!(
            "A secret of the connection {} stands in the file; saving the connection moves it to the keyring.",
            name(id)
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_names_its_connection() {
        let connection = Connection::new("media");
        let told = notice(&Notice::SecretInFile(connection.id.clone()), &[connection]);
        assert!(told.contains("“media”") && told.ends_with('.'), "{told}");
        let told = notice(&Notice::Newer { schema: 9 }, &[]);
        assert!(told.contains("schema 9"), "{told}");
    }
}
