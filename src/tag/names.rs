//! Entities by a tagger of someone else's: sentences -> who is named.

use std::path::Path;

use anyhow::{Context, Result, ensure};

use super::Reading;
use super::choice::{Choice, Origin};
use super::entities::{self, Order};
use super::labels::{self, Labels};
use super::read::{self, Limits};
use crate::article::Entity;
use crate::encode::{Encoder, Tokens};
use crate::model::config::Tag;
use crate::model::{Classifier, Hidden, Input, Task};

/// Tokens that are handed over at a time; the engine cuts them as it likes.
const AT_A_TIME: usize = 8192;

/// A tagger with its tokenizer and labels.
pub(super) struct Names {
    encoder: Encoder,
    tags: Vec<Tag>,
    classifier: Box<dyn Classifier>,
    origin: Origin,
}

impl Names {
    /// Loads the model that the user named.
    pub(super) fn load(named: &Path, choice: &Choice) -> Result<Self> {
        let weights = choice.find(named)?;
        let assets = weights.assets();
        let classifier = choice.engine.classifier(&assets, Task::Tags)?;
        let tags = Labels::load(&assets)?.tags(&labels::of(&assets)?);
        let tags = tags.with_context(|| format!("cannot use {}", assets.place("config.json")))?;
        let origin = weights.origin()?;
        Ok(Self { encoder: Encoder::load(&assets)?, tags, classifier, origin })
    }

    /// Where it is from.
    pub(super) fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The entities of sentences, each with its number.
    pub(super) fn entities(
        &self,
        text: &str,
        sentences: &[(usize, &Reading)],
    ) -> Result<Vec<Entity>> {
        let tokens = sentences
            .iter()
            .map(|(_, reading)| self.encoder.tokens(text, reading.sentence()))
            .collect::<Result<Vec<Tokens>>>()?;
        let window = self.classifier.window();
        let limits = Limits { batch: AT_A_TIME, window, overlap: window / 2 };
        let all: Vec<_> = tokens.iter().collect();
        let logits = read::read(|windows| self.logits(windows), limits, &all)?;
        let mut entities = Vec::new();
        for (((sentence, _), tokens), logits) in sentences.iter().zip(&tokens).zip(logits) {
            let order = Order::Loose;
            entities.extend(entities::decode(
                &self.tags,
                order,
                &logits.values,
                tokens,
                text,
                *sentence,
            ));
        }
        Ok(entities)
    }

    fn logits(&self, windows: &[&Tokens]) -> Result<Vec<Hidden>> {
        let inputs: Vec<_> =
            windows.iter().map(|tokens| Input { ids: &tokens.ids, types: &[] }).collect();
        let logits = self.classifier.logits(&inputs)?;
        let labels = self.tags.len();
        ensure!(
            logits.iter().all(|logits| logits.width == labels),
            "the tagger has other outputs than its {labels} labels"
        );
        Ok(logits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::{EntityType, Span};
    use crate::model::fake;
    use crate::tag::Tagger;

    /// Says location of every word with this id, and takes windows of eight tokens.
    struct OneWord(u32);

    impl Classifier for OneWord {
        fn window(&self) -> usize {
            8
        }

        fn logits(&self, inputs: &[Input<'_>]) -> Result<Vec<Hidden>> {
            let row = |&id: &u32| if id == self.0 { [0.0, 5.0] } else { [5.0, 0.0] };
            Ok(inputs
                .iter()
                .map(|input| {
                    assert!(input.ids.len() <= 8 && input.types.is_empty());
                    Hidden { values: input.ids.iter().flat_map(row).collect(), width: 2 }
                })
                .collect())
        }
    }

    #[test]
    fn a_tagger_without_beginnings_finds_names_in_long_sentences() {
        let encoder = fake::encoder().unwrap();
        let kabul = encoder.id("kabul").unwrap();
        let names = Names {
            encoder,
            tags: vec![Tag::Outside, Tag::Inside(EntityType::Location)],
            classifier: Box::new(OneWord(kabul)),
            origin: Origin::fake(),
        };
        let text = "Iran met Pakistan and met and met Iran in Kabul Kabul and Kabul. In Kabul.";
        let tagger = Tagger::fake().unwrap();
        let sentences = [Span::new(0, 64), Span::new(65, text.len())];
        let readings = tagger.sentences(text, &sentences).unwrap();
        let numbered: Vec<_> = readings.iter().enumerate().collect();
        let found = names.entities(text, &numbered).unwrap();
        let found: Vec<_> = found.iter().map(|e| (e.sentence, e.span.of(text))).collect();
        assert_eq!(found, [(0, "Kabul Kabul"), (0, "Kabul"), (1, "Kabul")]);
    }
}
