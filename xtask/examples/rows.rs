//! `rows FOLDER`: prints every row of every database that a local run stored below a folder, a JSON line
//! each. Tests look in it for what a deleted account left. It changes nothing there: it reads copies.

use std::{
    error::Error,
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use rusqlite::{Connection, types::ValueRef};
use serde_json::{Map, Value, json};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).ok_or("usage: rows FOLDER")?;
    let copies = std::env::temp_dir().join(format!("rows-{}", std::process::id()));
    fs::create_dir_all(&copies)?;
    let printed =
        databases(Path::new(&folder)).and_then(|paths| paths.iter().try_for_each(|path| print(path, &copies)));
    fs::remove_dir_all(&copies)?;
    printed
}

fn databases(folder: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(databases(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "sqlite") {
            found.push(path);
        }
    }
    Ok(found)
}

fn print(database: &Path, copies: &Path) -> Result<(), Box<dyn Error>> {
    // With the write-ahead log: what was stored last stands only there.
    let copy = copies.join("copy.sqlite");
    for (suffix, must) in [("", true), ("-wal", false), ("-shm", false)] {
        let with = |path: &Path| PathBuf::from(format!("{}{suffix}", path.display()));
        let _ = fs::remove_file(with(&copy));
        // The index of the log is made again from the log.
        if suffix != "-shm" && (must || with(database).exists()) {
            fs::copy(with(database), with(&copy))?;
        }
    }
    let connection = Connection::open(&copy)?;
    let mut statement = connection.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")?;
    let tables = statement.query_map([], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
    let mut out = io::stdout().lock();
    for table in tables {
        let mut statement = connection.prepare(&format!("SELECT * FROM \"{}\"", table.replace('"', "\"\"")))?;
        let columns: Vec<String> = statement.column_names().into_iter().map(str::to_owned).collect();
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let mut cells = Map::new();
            for (place, column) in columns.iter().enumerate() {
                cells.insert(column.clone(), shown(row.get_ref(place)?));
            }
            writeln!(out, "{}", json!({ "file": database.display().to_string(), "table": table, "row": cells }))?;
        }
    }
    Ok(())
}

fn shown(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => number.into(),
        ValueRef::Real(number) => number.into(),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into(),
        // Without zeros, a text of 16-bit units reads like one of 8.
        ValueRef::Blob(bytes) => {
            let bytes: Vec<u8> = bytes.iter().copied().filter(|byte| *byte != 0).collect();
            String::from_utf8_lossy(&bytes).into()
        }
    }
}
