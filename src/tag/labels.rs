//! What the labels of other people's models mean: `models/labels.toml`, and the model's own.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;

use crate::article::EntityType;
use crate::assets::Assets;
use crate::model::config::Tag;

/// The table in the program.
const BUILT_IN: &str = include_str!("../../models/labels.toml");

/// The name of the table that a model's folder may have.
pub(super) const FILE: &str = "labels.toml";

/// The table.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Labels {
    #[serde(default)]
    entities: BTreeMap<String, String>,
    #[serde(default)]
    inference: BTreeMap<String, Verdict>,
    #[serde(default)]
    stance: BTreeMap<Side, String>,
}

/// What an inference model says of two texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Verdict {
    /// The second follows from the first.
    Entailment,
    /// It may or may not.
    Neutral,
    /// It cannot be.
    Contradiction,
}

/// A stance that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Side {
    /// Of an opponent.
    Against,
    /// Of a friend.
    Favor,
}

impl Labels {
    /// The table of the program, with what the folder of a model adds.
    pub(super) fn load(assets: &Assets) -> Result<Self> {
        let mut labels = Self::parse(BUILT_IN)?;
        if let Assets::Folder(folder) = assets
            && folder.join(FILE).exists()
        {
            let own = String::from_utf8_lossy(&assets.read(FILE)?).into_owned();
            let own = Self::parse(&own).with_context(|| assets.place(FILE))?;
            labels.entities.extend(own.entities);
            labels.inference.extend(own.inference);
            labels.stance.extend(own.stance);
        }
        for question in labels.stance.values() {
            ensure!(
                question.contains("{holder}") && question.contains("{target}"),
                "{FILE}: '{question}' lacks {{holder}} or {{target}}"
            );
        }
        Ok(labels)
    }

    fn parse(text: &str) -> Result<Self> {
        toml::from_str(text).map_err(|error| {
            let line = error.span().map_or(1, |span| text[..span.start].matches('\n').count() + 1);
            anyhow::anyhow!("line {line}: {}", error.message().replace('\n', " "))
        })
    }

    /// What the labels of a tagger mean.
    ///
    /// # Errors
    /// One is not in the table.
    pub(super) fn tags(&self, labels: &[String]) -> Result<Vec<Tag>> {
        labels.iter().map(|label| self.tag(label)).collect()
    }

    fn tag(&self, label: &str) -> Result<Tag> {
        if label == "O" {
            return Ok(Tag::Outside);
        }
        let (place, name) = match label.split_at_checked(2) {
            Some((place @ ("B-" | "S-" | "U-" | "I-" | "E-" | "L-"), name)) => (place, name),
            _ => ("", label),
        };
        let ours = find(&self.entities, name).with_context(|| unknown(label, "entities"))?;
        if ours == "O" {
            return Ok(Tag::Outside);
        }
        let entity_type = EntityType::from_label(ours).with_context(|| {
            format!("{FILE}: '{ours}' is no type of ours; models/{FILE} names them")
        })?;
        Ok(match place {
            "B-" | "S-" | "U-" => Tag::Begin(entity_type),
            _ => Tag::Inside(entity_type),
        })
    }

    /// Which of an inference model's labels is entailment.
    ///
    /// # Errors
    /// None is, or several; one is not in the table.
    pub(super) fn entailment(&self, labels: &[String]) -> Result<usize> {
        let mut found = Vec::new();
        for (n, label) in labels.iter().enumerate() {
            let verdict =
                find(&self.inference, label).with_context(|| unknown(label, "inference"))?;
            if *verdict == Verdict::Entailment {
                found.push(n);
            }
        }
        let &[entailment] = &found[..] else {
            bail!("of the labels {labels:?} one must be entailment; this is no inference model");
        };
        Ok(entailment)
    }

    /// What is asked about a holder and a target.
    pub(super) fn question(&self, side: Side, holder: &str, target: &str) -> String {
        let template = self.stance.get(&side).map_or("", String::as_str);
        // Split first: a name may say '{target}'.
        let fill = |part: &str| part.replace("{target}", target);
        template.split("{holder}").map(fill).collect::<Vec<_>>().join(holder)
    }
}

/// An entry, upper or lower case.
fn find<'a, T>(table: &'a BTreeMap<String, T>, label: &str) -> Option<&'a T> {
    table.get(label).or_else(|| {
        table.iter().find(|(known, _)| known.eq_ignore_ascii_case(label)).map(|(_, entry)| entry)
    })
}

fn unknown(label: &str, table: &str) -> String {
    format!(
        "label '{label}' is not in the table; say what it means under [{table}] in a {FILE} beside config.json"
    )
}

/// The labels of a model in the order of its outputs: `id2label` of its `config.json`.
///
/// # Errors
/// It has none, or their numbers have a gap.
pub(super) fn of(assets: &Assets) -> Result<Vec<String>> {
    #[derive(Deserialize)]
    struct Config {
        #[serde(default)]
        id2label: BTreeMap<usize, String>,
    }
    let place = || assets.place("config.json");
    let config: Config = serde_json::from_slice(&assets.read("config.json")?)
        .with_context(|| format!("cannot read {}", place()))?;
    let numbers = config.id2label.keys().copied();
    ensure!(
        !config.id2label.is_empty() && numbers.eq(0..config.id2label.len()),
        "{}: id2label does not number the labels from 0",
        place()
    );
    Ok(config.id2label.into_values().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn built_in() -> Labels {
        Labels::parse(BUILT_IN).unwrap()
    }

    fn strings(labels: &[&str]) -> Vec<String> {
        labels.iter().map(|&label| label.to_owned()).collect()
    }

    #[test]
    fn labels_of_the_usual_schemes_are_known() {
        use EntityType::{Location, Misc, Norp, Organization, Person};
        for (label, tag) in [
            ("O", Tag::Outside),
            ("B-PER", Tag::Begin(Person)),
            ("I-PER", Tag::Inside(Person)),
            ("S-GPE", Tag::Begin(Location)),
            ("E-MISC", Tag::Inside(Misc)),
            ("U-NORP", Tag::Begin(Norp)),
            ("L-ORG", Tag::Inside(Organization)),
            ("ORG", Tag::Inside(Organization)),
            ("B-person", Tag::Begin(Person)),
            ("B-CARDINAL", Tag::Outside),
        ] {
            assert_eq!(built_in().tags(&strings(&[label])).unwrap(), [tag], "{label}");
        }
    }

    #[test]
    fn an_unknown_label_is_named_with_the_remedy() {
        let error = built_in().tags(&strings(&["O", "B-DISEASE"])).unwrap_err().to_string();
        assert!(error.contains("'B-DISEASE'") && error.contains("[entities]"), "{error}");
        let error = built_in().entailment(&strings(&["LABEL_0"])).unwrap_err().to_string();
        assert!(error.contains("'LABEL_0'") && error.contains("[inference]"), "{error}");
    }

    #[test]
    fn an_inference_model_has_one_label_for_entailment() {
        let labels = strings(&["CONTRADICTION", "NEUTRAL", "ENTAILMENT"]);
        assert_eq!(built_in().entailment(&labels).unwrap(), 2);
        let labels = strings(&["entailment", "not_entailment"]);
        assert_eq!(built_in().entailment(&labels).unwrap(), 0);
        let error = built_in().entailment(&strings(&["neutral"])).unwrap_err().to_string();
        assert!(error.contains("no inference model"), "{error}");
    }

    #[test]
    fn names_are_put_into_the_question_as_they_are() {
        let question = |holder, target| built_in().question(Side::Against, holder, target);
        assert_eq!(question("Iran", "the Taliban"), "Iran opposes the Taliban.");
        assert_eq!(question("{target}", "{holder}"), "{target} opposes {holder}.");
    }
}
