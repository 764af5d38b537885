//! Models of the Hugging Face hub, played by a server on this machine.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

use assert_cmd::assert::Assert;
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

use crate::repo;

const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";
const WEIGHTS: &str = "model.safetensors";
/// The model that the server has.
const MODEL: &str = "some-one/a-tagger";

fn named(model: &str, revision: &str) -> String {
    format!("{model}@{revision}")
}

/// What the server does with the weights.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Weights {
    Whole,
    /// The connection ends in their midst.
    CutOff,
    /// A byte is another than their hash says.
    Damaged,
}

/// A hub with one model, for as long as it lives.
struct Hub {
    address: SocketAddr,
    state: Arc<State>,
    thread: Option<JoinHandle<()>>,
}

struct State {
    files: BTreeMap<String, Vec<u8>>,
    weights: Mutex<Weights>,
    connections: AtomicUsize,
    has_ended: AtomicBool,
}

impl Hub {
    fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let files = fs::read_dir(repo("tests/rust_bert/entities")).unwrap().map(|entry| {
            let path = entry.unwrap().path();
            (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read(path).unwrap())
        });
        let state = Arc::new(State {
            files: files.collect(),
            weights: Mutex::new(Weights::Whole),
            connections: AtomicUsize::new(0),
            has_ended: AtomicBool::new(false),
        });
        let shared = Arc::clone(&state);
        let thread = thread::spawn(move || {
            for stream in listener.incoming() {
                if shared.has_ended.load(Ordering::SeqCst) {
                    return;
                }
                shared.connections.fetch_add(1, Ordering::SeqCst);
                shared.answer(&stream.unwrap());
            }
        });
        Self { address, state, thread: Some(thread) }
    }

    fn sends(&self, weights: Weights) {
        *self.state.weights.lock().unwrap() = weights;
    }

    fn connections(&self) -> usize {
        self.state.connections.load(Ordering::SeqCst)
    }

    /// `demarche` on a machine with this cache.
    fn demarche(&self, home: &Path, arguments: &[&str]) -> Assert {
        demarche(self.address, home, arguments)
    }
}

impl Drop for Hub {
    fn drop(&mut self) {
        self.state.has_ended.store(true, Ordering::SeqCst);
        drop(TcpStream::connect(self.address));
        self.thread.take().unwrap().join().unwrap();
    }
}

impl State {
    /// Answers one request, as the hub does: small files at once, large ones from another place.
    fn answer(&self, stream: &TcpStream) {
        let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
        let Some(request) = lines.next() else { return };
        let path = request.split(' ').nth(1).unwrap().to_owned();
        let headers: Vec<_> = lines.take_while(|line| !line.is_empty()).collect();
        let range = headers.iter().find_map(|line| {
            let (name, value) = line.split_once(": ")?;
            let range = value.strip_prefix("bytes=")?.split_once('-')?;
            name.eq_ignore_ascii_case("range").then_some(range)
        });
        let base = format!("/{MODEL}/resolve/{COMMIT}/");
        let (name, is_elsewhere) = match path.strip_prefix("/elsewhere/") {
            Some(name) => (Some(name), true),
            None => (path.strip_prefix(&base), false),
        };
        let Some((name, contents)) = name.and_then(|name| self.files.get_key_value(name)) else {
            return send(stream, "404 Not Found", "", b"Entry not found");
        };
        let hash: String = Sha256::digest(contents).iter().map(|b| format!("{b:02x}")).collect();
        if name == WEIGHTS && !is_elsewhere {
            let address = stream.local_addr().unwrap();
            let linked = format!("X-Linked-Etag: \"{hash}\"\r\nX-Repo-Commit: {COMMIT}\r\n");
            let headers = format!("Location: http://{address}/elsewhere/{name}\r\n{linked}");
            return send(stream, "302 Found", &headers, b"");
        }
        let mark = if name == WEIGHTS { "\"elsewhere\"" } else { &format!("\"{}\"", &hash[..40]) };
        let (first, last) = range.unwrap();
        let first: usize = first.parse().unwrap();
        let last = last.parse().map_or(contents.len(), |last: usize| last + 1);
        let headers = format!(
            "ETag: {mark}\r\nX-Repo-Commit: {COMMIT}\r\nContent-Range: bytes {first}-{}/{}\r\n",
            last - 1,
            contents.len()
        );
        let mut part = contents[first..last].to_vec();
        let is_whole_file = last == contents.len() && name == WEIGHTS;
        match *self.weights.lock().unwrap() {
            Weights::CutOff if is_whole_file => {
                let headers = format!("{headers}Content-Length: {}\r\n", part.len());
                part.truncate(part.len() / 2);
                return send_raw(stream, "206 Partial Content", &headers, &part);
            }
            Weights::Damaged if is_whole_file => *part.last_mut().unwrap() ^= 1,
            _ => {}
        }
        send(stream, "206 Partial Content", &headers, &part);
    }
}

fn send(stream: &TcpStream, status: &str, headers: &str, body: &[u8]) {
    let headers = format!("{headers}Content-Length: {}\r\n", body.len());
    send_raw(stream, status, &headers, body);
}

fn send_raw(mut stream: &TcpStream, status: &str, headers: &str, body: &[u8]) {
    let head = format!("HTTP/1.1 {status}\r\nConnection: close\r\n{headers}\r\n");
    stream.write_all(&[head.as_bytes(), body].concat()).unwrap();
}

fn demarche(hub: SocketAddr, home: &Path, arguments: &[&str]) -> Assert {
    let mut program = assert_cmd::cargo::cargo_bin_cmd!("demarche");
    program.args(arguments).args(["--engine", "rust-bert"]);
    program.env("HF_ENDPOINT", format!("http://{hub}")).env("HF_HOME", home);
    program.env("NO_PROXY", "127.0.0.1");
    program.timeout(std::time::Duration::from_secs(600)).assert()
}

/// What `demarche explain` says with these flags.
fn explain(hub: &Hub, home: &Path, flags: &[&str]) -> Assert {
    hub.demarche(home, &[&["explain", "Iran praised Pakistan in Kabul."], flags].concat())
}

/// The one line that it ends with.
fn error(ended: &Assert) -> String {
    assert_eq!(ended.get_output().status.code(), Some(2), "{ended}");
    let said = String::from_utf8(ended.get_output().stderr.clone()).unwrap();
    assert_eq!(said.lines().count(), 1, "{said}");
    said
}

fn fetching(model: &str) -> [&str; 3] {
    ["--allow-download", "--entities-model", model]
}

/// Runs with a model, and gives what was found and what `run.json` says of the model.
fn run(hub: SocketAddr, home: &Path, model: &str) -> (Vec<u8>, serde_json::Value) {
    let articles = tempfile::tempdir().unwrap();
    let text = "Imran Khan met the Taliban in Kabul. Iran praised Pakistan on Monday.";
    fs::write(articles.path().join("a.txt"), text).unwrap();
    let out = tempfile::tempdir().unwrap();
    let (folder, to) = (articles.path().to_str().unwrap(), out.path().to_str().unwrap());
    let flags = ["run", folder, "--focus", "IR", "--out", to];
    let ended = demarche(hub, home, &[&flags[..], &fetching(model)].concat()).success();
    assert!(!String::from_utf8_lossy(&ended.get_output().stderr).contains(WEIGHTS));
    let manifest = fs::read(out.path().join("run.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_slice(&manifest).unwrap();
    (fs::read(out.path().join("mentions.csv")).unwrap(), manifest["entities_model"].clone())
}

#[test]
fn a_model_of_the_hub_is_fetched_once_and_finds_what_its_folder_finds() {
    let (hub, home) = (Hub::open(), TempDir::new().unwrap());
    let (home, address) = (home.path(), hub.address);
    let (by_folder, folder) =
        run(address, home, repo("tests/rust_bert/entities").to_str().unwrap());
    assert_eq!(hub.connections(), 0, "a folder needs no hub");

    let model = named(MODEL, COMMIT);
    let (fetched, origin) = run(address, home, &model);
    assert!(hub.connections() > 0);
    assert!(by_folder == fetched);
    assert_eq!((&origin["name"], &origin["revision"]), (&MODEL.into(), &COMMIT.into()));
    assert_eq!((&origin["sha256"], &origin["folder"]), (&folder["sha256"], &().into()));

    drop(hub);
    assert!(TcpStream::connect(address).is_err());
    // The hub's other tools leave no note of a commit that was asked for by its id.
    fs::remove_dir_all(home.join("hub/models--some-one--a-tagger/refs")).unwrap();
    assert!((fetched, origin) == run(address, home, &model));
}

#[test]
fn nothing_is_fetched_unless_asked_and_pinned() {
    let (hub, home) = (Hub::open(), TempDir::new().unwrap());
    let model = named(MODEL, COMMIT);
    let said = error(&explain(&hub, home.path(), &["--stance-model", &model]));
    assert!(said.contains("nothing is downloaded unless --allow-download"), "{said}");
    for revision in ["main", &COMMIT[..7]] {
        let said = error(&explain(&hub, home.path(), &fetching(&named(MODEL, revision))));
        assert!(said.contains("not pinned") && said.contains("40 hexadecimal digits"), "{said}");
    }
    let said = error(&explain(&hub, home.path(), &fetching(MODEL)));
    assert!(said.contains("OWNER/NAME@REVISION"), "{said}");
    assert_eq!(hub.connections(), 0);
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);
}

#[test]
fn what_cannot_be_fetched_is_said_in_one_line() {
    let (hub, home) = (Hub::open(), TempDir::new().unwrap());
    let other = COMMIT.replace('0', "9");
    for model in [named("some-one/another", COMMIT), named(MODEL, &other)] {
        let said = error(&explain(&hub, home.path(), &fetching(&model)));
        assert!(said.contains(&model) && said.contains("404") && said.contains("check"), "{said}");
    }
    let address = hub.address;
    drop(hub);
    let model = named(MODEL, COMMIT);
    let flags = [&["explain", "Iran."], &fetching(&model)[..]].concat();
    let said = error(&demarche(address, home.path(), &flags));
    assert!(said.contains("config.json") && said.contains("refused"), "{said}");
}

#[test]
fn a_file_that_arrives_in_part_or_damaged_is_not_used() {
    for (weights, part) in [(Weights::CutOff, "cannot fetch"), (Weights::Damaged, "damaged")] {
        let (hub, home) = (Hub::open(), TempDir::new().unwrap());
        hub.sends(weights);
        let model = named(MODEL, COMMIT);
        let flags = fetching(&model);
        for _ in 0..2 {
            let said = error(&explain(&hub, home.path(), &flags));
            assert!(said.contains(part) && said.contains(WEIGHTS), "{said}");
        }
        hub.sends(Weights::Whole);
        explain(&hub, home.path(), &flags).success();
    }
}
