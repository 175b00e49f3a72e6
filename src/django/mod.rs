//! Django: its storages over a connection, and what a project's files say about them.
//!
//! The storages: `storage` (every operation of a storage), `file` and `spool` (objects open as files), `content` (what
//! is saved), `static_files` and `collected` (hashed names, with `stylesheet`, `url_parts` and `python_json`), `project`
//! (what a project sets beside), `link_value` (parameters of links), `failure` (what is refused). Each does what
//! django-storages 1.13 does, call by call.
//!
//! The files: `import` and `storages` turn a `settings.py` or a part of it, and `.env` files (`dotenv`), into
//! connections. `lexer` makes tokens of Python text (`strings` decodes literals), `python` works out the expressions
//! that need no running program (`operators`, `value`), `lookup` is what they may call, `classes` goes through the
//! statements. Rule others rely on: nothing is executed, no file is opened, no text makes it panic, and whatever could
//! not be taken over is reported with its line and the reason.

mod classes;
mod collected;
mod content;
mod dotenv;
mod failure;
mod file;
mod import;
mod lexer;
mod link_value;
mod lookup;
mod operators;
mod project;
mod python;
mod python_json;
mod spool;
mod static_files;
mod stop;
mod storage;
mod storages;
mod strings;
mod stylesheet;
mod url_parts;
mod value;

pub use collected::{Processed, StaticFile};
pub use content::Content;
pub use failure::{DjangoError, GzipFault, ManifestFault, ModeFault};
pub use file::{CHUNK_BYTES, Data, DjangoFile};
pub use import::{import, import_dotenv, import_python};
pub use project::{ModifiedTime, Project};
pub use static_files::ManifestStorage;
pub use storage::{DjangoStorage, Draw, UrlOptions};
