//! Reading what a Django project says about its storage: a `settings.py` or a part of it, and `.env` files.
//!
//! `lexer` makes tokens of Python text (`strings` decodes literals), `python` works out the expressions that need no
//! running program (`operators`, `value`), `lookup` is what they may call, `classes` goes through the statements,
//! `dotenv` reads `.env` files, `import` and `storages` turn all of it into connections.
//!
//! Rule others rely on: nothing is executed, no file is opened, no text makes it panic, and whatever could not be
//! taken over is reported with its line and the reason.

mod classes;
mod dotenv;
mod import;
mod lexer;
mod lookup;
mod operators;
mod python;
mod stop;
mod storages;
mod strings;
mod value;

pub use import::{Imported, ImportedConnection, Remark, RemarkReason, Unresolved, import};
