//! Prints what files hold, one JSON object a line: `contents FILE…`.

use std::process::ExitCode;

fn main() -> ExitCode {
    let mut code = ExitCode::SUCCESS;
    for path in std::env::args().skip(1) {
        match print(&path) {
            Ok(()) => {}
            Err(error) => {
                eprintln!("{path}: {error}");
                code = ExitCode::FAILURE;
            }
        }
    }
    code
}

fn print(path: &str) -> Result<(), Box<dyn std::error::Error>> {
    let contents = documents::read(&std::fs::read(path)?, &documents::Limits::default());
    let mut object = serde_json::to_value(contents)?;
    let file = std::path::Path::new(path).file_name().unwrap_or_default().to_string_lossy();
    if let Some(fields) = object.as_object_mut() {
        fields.insert("file".to_owned(), file.into_owned().into());
    }
    println!("{object}");
    Ok(())
}
