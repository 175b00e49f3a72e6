//! Icons by name: one character each, drawn with the font family [`FAMILY`].
//!
//! Line icons are Phosphor regular at their own code points (U+E000 and up). Filled ones are Phosphor fill, moved to U+F0000 and up, so that one
//! `char` says which drawing is meant. The fonts hold exactly the icons named here: after adding a line, run `assets/fonts/cut.py`.
//! Icons are never put into text that people read or that assistive technology reads; the family of text does not contain them.

/// Name of the font family that draws icons.
pub const FAMILY: &str = "icons";

macro_rules! icons {
    ($($name:ident = $code:literal, $what:literal;)*) => {
        $(#[doc = $what] pub const $name: char = $code;)*

        /// Every icon with its name, for tests and for a sheet of all icons.
        pub const ALL: &[(&str, char)] = &[$((stringify!($name), $name)),*];
    };
}

icons! {
    SIDEBAR = '\u{EC24}', "Left panel.";
    PANEL_RIGHT = '\u{F1000}', "Right panel (drawn mirrored).";
    BACK = '\u{E058}', "Back in the history, out of a screen.";
    FORWARD = '\u{E06C}', "Forward in the history.";
    UP = '\u{E08E}', "One level up; an upload.";
    DOWN = '\u{E03E}', "A download.";
    UP_DOWN = '\u{E098}', "Transfers.";
    REFRESH = '\u{E036}', "Refresh, try again.";
    RESET = '\u{E038}', "Back to the default, undo.";
    CARET_UP = '\u{E13C}', "Sorted upwards, fold.";
    CARET_DOWN = '\u{E136}', "Sorted downwards, drop-down.";
    CARET_LEFT = '\u{E138}', "The one before.";
    CARET_RIGHT = '\u{E13A}', "Submenu, step of a path, fold-out.";
    CARET_UP_DOWN = '\u{E140}', "Number stepper.";
    STAR = '\u{E46A}', "Bookmark.";
    FILTER = '\u{E268}', "Filter of the table.";
    FUNNEL = '\u{E266}', "A filter.";
    FUNNEL_X = '\u{E26C}', "No name matches the filter.";
    UPLOAD = '\u{E4C0}', "Upload.";
    DOWNLOAD = '\u{E20C}', "Download.";
    FOLDER_PLUS = '\u{E258}', "New folder.";
    FOLDER = '\u{E24A}', "A folder as a line icon.";
    FOLDER_OPEN = '\u{E256}', "An open or empty folder.";
    LINK = '\u{E2E2}', "A signed link.";
    LINK_BREAK = '\u{E2E4}', "A broken link.";
    PLUS = '\u{E3D4}', "Add.";
    MINUS = '\u{E32A}', "Less.";
    DOCTOR = '\u{E7EA}', "Doctor.";
    BUCKET = '\u{E2A0}', "A bucket.";
    DATABASE = '\u{E1DE}', "A store of data.";
    SETTINGS = '\u{E272}', "Settings.";
    GEAR = '\u{E270}', "Settings of one thing.";
    SLIDERS = '\u{E434}', "Choices, link studio.";
    MENU = '\u{E2F0}', "Main menu.";
    LIST_BULLETS = '\u{E2F2}', "Metadata, rules.";
    LIST_SEARCH = '\u{EBE0}', "Requests.";
    SEARCH = '\u{E30C}', "Search.";
    CHECK = '\u{E182}', "A tick.";
    CHECK_CIRCLE = '\u{E184}', "Done, as a line icon.";
    WARNING = '\u{E4E0}', "A warning as a line icon.";
    WARNING_CIRCLE = '\u{E4E2}', "Something failed, as a line icon.";
    X_CIRCLE = '\u{E4F8}', "A failure as a line icon.";
    CIRCLE_HALF = '\u{E18C}', "Shadowed by something stronger.";
    MINUS_CIRCLE = '\u{E32C}', "Not set.";
    CIRCLE_DASHED = '\u{E602}', "Not tested, waiting.";
    CIRCLE_NOTCH = '\u{EB44}', "Busy.";
    PROHIBIT = '\u{E3DE}', "Not supported.";
    INFO = '\u{E2CE}', "Information.";
    QUESTION = '\u{E3E8}', "Help.";
    X = '\u{E4F6}', "Close, clear, remove.";
    EYE = '\u{E220}', "Show.";
    EYE_SLASH = '\u{E224}', "Hide.";
    COPY = '\u{E1CA}', "Copy, duplicate.";
    COPY_SIMPLE = '\u{E1CC}', "Copy as it is.";
    CLIPBOARD = '\u{E198}', "Copy as text.";
    PASTE = '\u{E196}', "Paste.";
    SCISSORS = '\u{EAE0}', "Cut.";
    TRASH = '\u{E4A6}', "Delete.";
    PENCIL = '\u{E3B4}', "Edit.";
    RENAME = '\u{E7D8}', "Rename.";
    MOVE = '\u{E01A}', "Move to, go to.";
    RESULT = '\u{E046}', "What comes of it: the effective value.";
    TAG = '\u{E478}', "Tags.";
    USERS = '\u{E4D6}', "Access.";
    STACK = '\u{E466}', "Storage class.";
    HISTORY = '\u{E1A0}', "Versions, made before.";
    CLOCK = '\u{E19A}', "A point in time.";
    TIMER = '\u{E492}', "Time left.";
    HOURGLASS = '\u{E2B2}', "Expired.";
    CALENDAR = '\u{E10A}', "A date.";
    SHIELD_CHECK = '\u{E40C}', "Deleting is off.";
    SHIELD = '\u{E40A}', "Protection.";
    LOCK = '\u{E308}', "Read-only.";
    LOCK_KEY = '\u{E2FE}', "Denied.";
    KEY = '\u{E2D6}', "Credentials.";
    PLUGS = '\u{EB56}', "Connect.";
    PLUGS_CONNECTED = '\u{EB5A}', "Connected.";
    IDENTITY = '\u{E2C8}', "An AWS profile.";
    ID_BADGE = '\u{E6F6}', "Assume a role.";
    PACKAGE = '\u{E390}', "The built-in bucket.";
    PLAY = '\u{E3D0}', "Start, resume.";
    PAUSE = '\u{E39E}', "Pause.";
    PAUSE_CIRCLE = '\u{E3A0}', "Paused.";
    STOP = '\u{E46C}', "Stop.";
    BROOM = '\u{EC54}', "Clear what is finished.";
    QR_CODE = '\u{E3E6}', "QR code.";
    BINOCULARS = '\u{EA64}', "Nothing of this name.";
    OFFLINE = '\u{E4F2}', "Offline.";
    KEYBOARD = '\u{E2D8}', "Keys.";
    SIGN_IN = '\u{E428}', "Sign in.";
    SIGN_OUT = '\u{E42A}', "Sign out.";
    MOON = '\u{E330}', "Dark.";
    SUN = '\u{E472}', "Light.";
    MONITOR = '\u{E32E}', "As the system.";
    GLOBE = '\u{E28E}', "Public, host.";
    REGION = '\u{E28C}', "Region and signing.";
    CLOUD = '\u{E1AA}', "CloudFront.";
    TO_TOP = '\u{E066}', "First in the queue.";
    IMPORT = '\u{E20C}', "Import.";
    EXPORT = '\u{EAF0}', "Export.";
    TERMINAL = '\u{EAE8}', "Commands.";
    SCROLL = '\u{EB7A}', "A policy.";
    STRANGER = '\u{E6FC}', "Test as a stranger.";
    USER = '\u{E4C2}', "A person.";
    WRENCH = '\u{E5D4}', "Repair.";
    TRAY = '\u{E010}', "Drop here.";
    FILES = '\u{E710}', "Several files.";
    WINDOW = '\u{E5DA}', "Open with.";
    OPEN_OUT = '\u{E5DE}', "Opens outside the program.";
    TREE = '\u{E67C}', "Folders below.";
    EQUALS = '\u{E21C}', "The same.";
    DOTS = '\u{E1FE}', "More.";
    SORT = '\u{E444}', "Sort.";
    ROWS = '\u{E5A2}', "Density of rows.";
    COLUMNS = '\u{E546}', "Columns.";
    BELL = '\u{E0CE}', "Notifications.";
    BUG = '\u{E5F4}', "Log.";
    PIN = '\u{E3E2}', "Pinned.";
    HOUSE = '\u{E2C2}', "Home.";
    CERTIFICATE = '\u{E766}', "TLS.";
    NETWORK = '\u{EDDE}', "Network.";
    LIGHTNING = '\u{E2DE}', "Fast.";
    PALETTE = '\u{E6C8}', "Look.";
    SWAP = '\u{E83C}', "Exchange.";
    SELECT_ALL = '\u{E746}', "Select all.";
    FILE = '\u{E230}', "A file of no known kind.";
    FILE_TEXT = '\u{E23A}', "Text.";
    FILE_IMAGE = '\u{EA24}', "A picture.";
    FILE_PDF = '\u{E702}', "PDF.";
    FILE_CSV = '\u{EB1C}', "CSV.";
    FILE_CODE = '\u{E914}', "Source code.";
    FILE_ZIP = '\u{EB2A}', "An archive.";
    FILE_VIDEO = '\u{EA22}', "Video.";
    FILE_AUDIO = '\u{EA20}', "Audio.";
    FILE_XLS = '\u{EB22}', "A spreadsheet.";
    FILE_DOC = '\u{EB1E}', "A text document.";
    FILE_PPT = '\u{EB20}', "Slides.";
    FILE_PY = '\u{EB2C}', "Python.";
    FILE_JS = '\u{EB24}', "JavaScript.";
    FILE_TS = '\u{EB26}', "TypeScript.";
    FILE_RS = '\u{EB28}', "Rust.";
    FILE_HTML = '\u{EB38}', "HTML.";
    FILE_CSS = '\u{EB34}', "CSS.";
    FILE_SQL = '\u{ED4E}', "SQL.";
    FILE_SVG = '\u{ED08}', "A drawing.";
    FILE_INI = '\u{EB33}', "Settings of a program.";
    FILE_LOCK = '\u{E95C}', "Keys and certificates.";
    CHECK_CIRCLE_FILL = '\u{F0184}', "Good.";
    WARNING_FILL = '\u{F04E0}', "Warn.";
    X_CIRCLE_FILL = '\u{F04F8}', "Bad.";
    FOLDER_FILL = '\u{F024A}', "A folder.";
    STAR_FILL = '\u{F046A}', "Bookmarked.";
    INFO_FILL = '\u{F02CE}', "Information, strong.";
    PROHIBIT_FILL = '\u{F03DE}', "Refused.";
    PAUSE_FILL = '\u{F039E}', "Paused, strong.";
    PUSH_PIN_FILL = '\u{F03E2}', "Pinned, on.";
}

/// The icon of a file, chosen by the extension of its name. Case does not matter; a name that ends in `/` is a folder.
#[must_use]
pub fn file_icon(name: &str) -> char {
    if name.ends_with('/') {
        return FOLDER_FILL;
    }
    let Some((_, extension)) = name.rsplit_once('.') else {
        return FILE;
    };
    match extension.to_ascii_lowercase().as_str() {
        "avif" | "bmp" | "cr2" | "dng" | "gif" | "heic" | "heif" | "ico" | "jpeg" | "jpg"
        | "jxl" | "nef" | "png" | "psd" | "raw" | "tif" | "tiff" | "webp" => FILE_IMAGE,
        "ai" | "eps" | "svg" => FILE_SVG,
        "pdf" => FILE_PDF,
        "csv" | "tsv" => FILE_CSV,
        "numbers" | "ods" | "xls" | "xlsm" | "xlsx" => FILE_XLS,
        "doc" | "docx" | "odt" | "pages" | "rtf" => FILE_DOC,
        "key" | "odp" | "ppt" | "pptx" => FILE_PPT,
        "7z" | "br" | "bz2" | "gz" | "rar" | "tar" | "tgz" | "xz" | "zip" | "zst" => FILE_ZIP,
        "avi" | "m4v" | "mkv" | "mov" | "mp4" | "mpeg" | "mpg" | "ts" | "webm" | "wmv" => {
            FILE_VIDEO
        }
        "aac" | "aiff" | "flac" | "m4a" | "mp3" | "oga" | "ogg" | "opus" | "wav" => FILE_AUDIO,
        "htm" | "html" | "xhtml" => FILE_HTML,
        "css" | "less" | "scss" => FILE_CSS,
        "cjs" | "js" | "mjs" => FILE_JS,
        "mts" | "tsx" => FILE_TS,
        "py" | "pyi" => FILE_PY,
        "rs" => FILE_RS,
        "sql" | "sqlite" => FILE_SQL,
        "c" | "cc" | "cpp" | "go" | "h" | "hpp" | "ipynb" | "java" | "json" | "jsonl" | "kt"
        | "lua" | "map" | "ndjson" | "php" | "pl" | "rb" | "sh" | "swift" | "tf" | "vue"
        | "wasm" | "xml" => FILE_CODE,
        "cfg" | "conf" | "env" | "ini" | "toml" | "yaml" | "yml" => FILE_INI,
        "crt" | "gpg" | "p12" | "pem" | "pfx" | "sig" => FILE_LOCK,
        "log" | "markdown" | "md" | "nfo" | "rst" | "srt" | "tex" | "text" | "txt" | "vtt" => {
            FILE_TEXT
        }
        _ => FILE,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn files_are_known_by_their_extension() {
        assert_eq!(file_icon("photos/"), FOLDER_FILL);
        assert_eq!(file_icon("2026-03-14 sunrise.JPG"), FILE_IMAGE);
        assert_eq!(file_icon("manifest.ndjson.gz"), FILE_ZIP);
        assert_eq!(file_icon("README"), FILE);
        assert_eq!(file_icon("site-photos.parquet"), FILE);
    }

    #[test]
    fn no_two_names_mean_two_things() {
        let names: HashSet<_> = ALL.iter().map(|(name, _)| name).collect();
        assert_eq!(names.len(), ALL.len());
    }
}
