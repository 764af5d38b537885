//! What cannot be run is said in one line, with the remedy, and the exit code is 2.

use std::fs;
use std::path::Path;

use crate::{changed, demarche, repo};

fn replace(file: &str, from: &str, to: &str) -> impl Fn(&Path) {
    move |folder: &Path| {
        let path = folder.join(file);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{text}");
        fs::write(path, text.replace(from, to)).unwrap();
    }
}

/// The one line that `demarche explain` answers with.
fn error(flags: &[&str]) -> String {
    let text = "Iran praised Pakistan in Kabul.";
    let output = demarche("explain", &[&[text], flags].concat()).code(2);
    let said = String::from_utf8(output.get_output().stderr.clone()).unwrap();
    assert_eq!(said.lines().count(), 1, "{said}");
    said
}

#[test]
fn what_rust_bert_cannot_run_is_said_in_one_line() {
    let of = |flag: &str, model: &str, change: &dyn Fn(&Path)| {
        let folder = changed(model, change);
        error(&[flag, folder.path().to_str().unwrap()])
    };
    let entities = |change: &dyn Fn(&Path)| of("--entities-model", "entities", change);
    for (said, parts) in [
        (entities(&replace("config.json", "\"bert\"", "\"mpnet\"")), ["is mpnet", "xlm-roberta"]),
        (entities(&replace("config.json", "B-MISC", "B-GENE")), ["'B-GENE'", "[entities]"]),
        (
            entities(&replace("config.json", "\"hidden_size\": 32", "\"hidden_size\": 64")),
            ["[", "config.json"],
        ),
        (
            entities(&replace("config.json", "\"vocab_size\"", "\"words\"")),
            ["vocab_size", "config.json"],
        ),
        (
            entities(&|folder| fs::remove_file(folder.join("model.safetensors")).unwrap()),
            ["save_pretrained", "model.safetensors"],
        ),
        (
            entities(&|folder| fs::remove_file(folder.join("tokenizer.json")).unwrap()),
            ["tokenizer.json", "No such file"],
        ),
        (
            entities(&|folder| fs::write(folder.join("model.safetensors"), "x").unwrap()),
            ["safetensors", "fetch"],
        ),
        (
            entities(&|folder| {
                fs::write(folder.join("labels.toml"), "[entities]\nPER = \"Robot\"").unwrap()
            }),
            ["'Robot'", "labels.toml"],
        ),
        (of("--stance-model", "entities", &|_| {}), ["lack", "model.safetensors"]),
        (
            of(
                "--stance-model",
                "bert/inference",
                &replace("config.json", "\"entailment\"", "\"yes\""),
            ),
            ["'yes'", "[inference]"],
        ),
        (
            of("--stance-model", "stance", &|folder| {
                fs::write(folder.join("labels.toml"), "[stance]\nfavor = \"{holder} smiles\"")
                    .unwrap()
            }),
            ["smiles", "{target}"],
        ),
    ] {
        assert!(parts.iter().all(|part| said.contains(part)), "{said}");
    }
    let said = error(&["--entities-model", "somebody/some-model"]);
    assert!(said.contains("somebody/some-model") && said.contains("--allow-download"), "{said}");
}

#[test]
fn a_tokenizer_of_another_model_is_found_out_at_the_first_word_it_does_not_know() {
    let other = changed("entities", |folder| {
        fs::copy(repo("models/demarche-en/tokenizer.json"), folder.join("tokenizer.json")).unwrap();
    });
    let said = error(&["--entities-model", other.path().to_str().unwrap()]);
    assert!(said.contains("tokenizer.json belongs to another model"), "{said}");
}

#[test]
fn the_larger_model_is_left_to_the_embedded_engine() {
    for model in ["cascade", "large"] {
        let said = error(&["--model", model]);
        assert!(said.contains("MPNet") && said.contains("--engine embedded"), "{said}");
    }
}

#[test]
fn a_gpu_that_is_not_there_is_missed() {
    if tch::Cuda::device_count() > 0 {
        return; // a machine with one: nothing to miss
    }
    let said = error(&["--device", "cuda:1"]);
    assert!(said.contains("no CUDA device 1") && said.contains("--device cpu"), "{said}");
}

/// Has the system's loader look for libraries where the program does not say they are: as if the
/// folder of libtorch were gone.
#[test]
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
fn a_libtorch_that_is_gone_is_missed_under_a_name_that_says_what_to_do() {
    let signpost = "libtorch-is-missing--run-scripts-setup-libtorch.so";
    let libtorch = Path::new(option_env!("LIBTORCH").unwrap_or_default()).join("lib");
    if !libtorch.join(signpost).exists() {
        return; // one of the user's own
    }
    let program = assert_cmd::cargo::cargo_bin!("demarche");
    let mut loader = std::process::Command::new("/lib64/ld-linux-x86-64.so.2");
    loader.args(["--inhibit-rpath", ""]).arg(program).env_remove("LD_LIBRARY_PATH");
    let said = String::from_utf8(loader.output().unwrap().stderr).unwrap();
    assert!(said.contains(signpost) && said.lines().count() == 1, "{said}");
}
