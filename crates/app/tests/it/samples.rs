//! Real documents and sentences beside the project, where they are: read by the executable,
//! judged by their own scorers against the floors of today. Left out where they are not.

use std::{
    fs::File,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// Returns a folder of samples beside the project; says so where there is none.
fn samples(name: &str) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared").join(name);
    let found = folder.join("score.py").is_file() && has_python();
    if !found {
        println!("skipped: there are no samples of {name} beside the project, or no python3");
    }
    found.then_some(folder)
}

fn has_python() -> bool {
    let python = Command::new("python3").arg("--version").output();
    python.is_ok_and(|output| output.status.success())
}

/// Runs the executable offline in an empty folder, its output into a file.
fn billhook(arguments: &[&str], input: Option<&Path>, folder: &Path) -> PathBuf {
    let predictions = folder.join("predictions.jsonl");
    let input = input.map_or_else(Stdio::null, |path| File::open(path).unwrap().into());
    let status = Command::new(env!("CARGO_BIN_EXE_billhook"))
        .args(arguments)
        .current_dir(folder)
        .env("LLM_PROVIDER", "offline")
        .stdin(input)
        .stdout(File::create(&predictions).unwrap())
        .status()
        .unwrap();
    // One says that a file could not be read: on a machine with too much to do a scan takes too long. The
    // score counts it.
    assert!(matches!(status.code(), Some(0 | 1)), "billhook {} failed", arguments.first().unwrap());
    predictions
}

fn score(folder: &Path, arguments: &[&str]) {
    let mut python = Command::new("python3");
    let output = python.arg("score.py").args(arguments).current_dir(folder).output().unwrap();
    println!("{}", String::from_utf8_lossy(&output.stdout));
    assert!(output.status.success(), "a floor is missed");
}

#[test]
fn documents_are_read_as_well_as_promised() {
    let Some(corpus) = samples("corpus") else { return };
    let folder = tempfile::tempdir().unwrap();
    let mut files: Vec<String> = std::fs::read_dir(corpus.join("documents"))
        .unwrap()
        .map(|entry| entry.unwrap().path().to_string_lossy().into_owned())
        .collect();
    files.sort();
    let mut arguments = vec!["extract", "--json", "--jobs", "2"];
    arguments.extend(files.iter().map(String::as_str));
    let predictions = billhook(&arguments, None, folder.path());
    let predictions = predictions.to_string_lossy();
    let mut judged = vec!["truth.jsonl", predictions.as_ref(), "--by", "medium"];
    for floor in [
        "doc@einvoice_xml=0.99",
        "doc@facturx_pdf=0.99",
        "gross_total@text_pdf=0.9",
        "gross_total@photo=0.8",
        "is_invoice=0.9",
    ] {
        judged.extend(["--min", floor]);
    }
    score(&corpus, &judged);
}

#[test]
fn sentences_are_understood_as_well_as_promised() {
    let Some(utterances) = samples("utterances") else { return };
    let folder = tempfile::tempdir().unwrap();
    let files = ["questions.jsonl", "creations.jsonl", "updates.jsonl", "chatter.jsonl"];
    let all: Vec<String> =
        files.iter().map(|file| std::fs::read_to_string(utterances.join(file)).unwrap()).collect();
    let input = folder.path().join("sentences.jsonl");
    std::fs::write(&input, all.concat()).unwrap();
    let predictions = billhook(&["understand", "--json"], Some(&input), folder.path());
    let predictions = predictions.to_string_lossy();
    let mut judged = files.to_vec();
    judged.extend(["--predictions", predictions.as_ref()]);
    judged.extend(["--min", "intents=0.9", "--min", "questions=0.7"]);
    score(&utterances, &judged);
}
