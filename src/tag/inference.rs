//! Stance by an inference model of someone else's: does the sentence say 'Iran opposes Pakistan'?

use std::path::Path;

use anyhow::{Context, Result, anyhow, ensure};
use tokenizers::{Encoding, PostProcessor, Tokenizer, TruncationDirection};

use super::choice::{Choice, Origin};
use super::judge::softmax;
use super::labels::{self, Labels, Side};
use crate::article::{Polarity, Span};
use crate::model::{Classifier, Input, Task};

/// An inference model with its tokenizer and labels.
pub(super) struct Inference {
    tokenizer: Tokenizer,
    labels: Labels,
    /// Which of its outputs says that the second text follows from the first.
    entailment: usize,
    classifier: Box<dyn Classifier>,
    origin: Origin,
}

impl Inference {
    /// Loads the model that the user named.
    pub(super) fn load(named: &Path, choice: &Choice) -> Result<Self> {
        let weights = choice.find(named)?;
        let assets = weights.assets();
        let classifier = choice.engine.classifier(&assets, Task::Inference)?;
        let labels = Labels::load(&assets)?;
        let entailment = labels
            .entailment(&labels::of(&assets)?)
            .with_context(|| format!("cannot use {}", assets.place("config.json")))?;
        let name = "tokenizer.json";
        let tokenizer = Tokenizer::from_bytes(assets.read(name)?)
            .map_err(|error| anyhow!("cannot read tokenizer {}: {error}", assets.place(name)))?;
        Self::new(tokenizer, labels, entailment, classifier, weights.origin()?)
    }

    fn new(
        mut tokenizer: Tokenizer,
        labels: Labels,
        entailment: usize,
        classifier: Box<dyn Classifier>,
        origin: Origin,
    ) -> Result<Self> {
        tokenizer.with_padding(None);
        // An article that says '[SEP]' must not end its own sentence.
        tokenizer.set_encode_special_tokens(true);
        // A sentence that is too long is cut here: the tokenizer would not read it to its end.
        tokenizer.with_truncation(None).map_err(|error| anyhow!("tokenizer: {error}"))?;
        let window = classifier.window();
        ensure!(window >= 16, "the inference model reads {window} tokens; it must be 16 or more");
        Ok(Self { tokenizer, labels, entailment, classifier, origin })
    }

    /// Where it is from.
    pub(super) fn origin(&self) -> &Origin {
        &self.origin
    }

    /// What the first of each pair of spans thinks of the second, by a sentence of the text.
    ///
    /// With the probabilities a of 'against' and f of 'favor' following from the sentence: against
    /// is a (1 - f), favor f (1 - a), neutral (1 - a) (1 - f), over their sum. Both at once is no
    /// answer, and is left out.
    pub(super) fn stances(
        &self,
        text: &str,
        sentence: Span,
        pairs: &[[Span; 2]],
    ) -> Result<Vec<Polarity>> {
        let mut questions = Vec::with_capacity(pairs.len() * 2);
        for pair in pairs {
            let [holder, target] = pair.map(|span| span.of(text));
            for side in [Side::Against, Side::Favor] {
                questions.push(self.labels.question(side, holder, target));
            }
        }
        let follows = self.follows(sentence.of(text), &questions)?;
        Ok(follows.chunks_exact(2).map(|both| polarity(both[0], both[1])).collect())
    }

    /// The probability that each question follows from the sentence: of a long one, from the window
    /// from which it follows most.
    fn follows(&self, sentence: &str, questions: &[String]) -> Result<Vec<f32>> {
        let cannot = |error| anyhow!("cannot tokenise a sentence: {error}");
        let sentence = self.tokenizer.encode(sentence, false).map_err(cannot)?;
        let mut windows: Vec<(usize, Encoding)> = Vec::new();
        for (n, question) in questions.iter().enumerate() {
            windows
                .extend(self.windows(&sentence, question)?.into_iter().map(|window| (n, window)));
        }
        let types: Vec<Vec<u8>> = windows.iter().map(|(_, window)| types(window)).collect();
        let inputs: Vec<_> = windows
            .iter()
            .zip(&types)
            .map(|((_, window), types)| Input { ids: window.get_ids(), types })
            .collect();
        let mut follows = vec![0.0_f32; questions.len()];
        for ((n, _), mut logits) in windows.iter().zip(self.classifier.logits(&inputs)?) {
            softmax(&mut logits.values);
            let entailed = logits.values.get(self.entailment).copied();
            let entailed = entailed.context("the inference model has fewer outputs than labels")?;
            follows[*n] = follows[*n].max(entailed);
        }
        Ok(follows)
    }

    /// The sentence, in windows that overlap if it is too long, each with the question behind it.
    fn windows(&self, sentence: &Encoding, question: &str) -> Result<Vec<Encoding>> {
        let cannot = |error| anyhow!("cannot tokenise '{question}': {error}");
        let mut asked = self.tokenizer.encode(question, false).map_err(cannot)?;
        let (length, window) = (asked.len(), self.classifier.window());
        let most = window / 2;
        ensure!(
            length <= most,
            "'{question}' is {length} tokens; the model takes {most} of a name"
        );
        asked.set_type_ids(vec![1; length]);
        let marks = self.tokenizer.get_post_processor().map_or(0, |marks| marks.added_tokens(true));
        let mut first = sentence.clone();
        first.truncate(window - length - marks, window / 8, TruncationDirection::Right);
        let others = first.take_overflowing();
        let join = |part| self.tokenizer.post_process(part, Some(asked.clone()), true);
        [first].into_iter().chain(others).map(|part| join(part).map_err(cannot)).collect()
    }
}

/// Token types; a model has two at most.
fn types(window: &Encoding) -> Vec<u8> {
    window.get_type_ids().iter().map(|&kind| u8::from(kind > 0)).collect()
}

fn polarity(against: f32, favor: f32) -> Polarity {
    let negative = against * (1.0 - favor);
    let positive = favor * (1.0 - against);
    let neutral = (1.0 - against) * (1.0 - favor);
    let sum = negative + neutral + positive;
    if sum < f32::EPSILON {
        return Polarity { negative: 0.0, neutral: 1.0, positive: 0.0 };
    }
    Polarity { negative: negative / sum, neutral: neutral / sum, positive: positive / sum }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::article::Sign;
    use crate::assets::Assets;
    use crate::model::Hidden;

    /// A tokenizer of these words.
    fn tokenizer(words: &[&str]) -> Tokenizer {
        let special = |token, id| json!({"id": token, "ids": [id], "tokens": [token]});
        let mark = |kind| json!({"SpecialToken": {"id": "[SEP]", "type_id": kind}});
        let text = |id, kind| json!({"Sequence": {"id": id, "type_id": kind}});
        let first = json!({"SpecialToken": {"id": "[CLS]", "type_id": 0}});
        let vocabulary: serde_json::Map<_, _> = ["[UNK]", "[CLS]", "[SEP]"]
            .iter()
            .chain(words)
            .zip(0..)
            .map(|(&word, id): (_, u32)| (word.to_owned(), id.into()))
            .collect();
        let json = json!({
            "version": "1.0", "added_tokens": [], "pre_tokenizer": {"type": "Whitespace"},
            "post_processor": {"type": "TemplateProcessing",
                "single": [first, text("A", 0), mark(0)],
                "pair": [first, text("A", 0), mark(0), text("B", 1), mark(1)],
                "special_tokens": {"[CLS]": special("[CLS]", 1), "[SEP]": special("[SEP]", 2)}},
            "model": {"type": "WordLevel", "unk_token": "[UNK]", "vocab": vocabulary},
        });
        Tokenizer::from_bytes(json.to_string()).unwrap()
    }

    /// Knows one thing: who blames (3), opposes (4). Takes 16 tokens.
    struct Blame;

    impl Classifier for Blame {
        fn window(&self) -> usize {
            16
        }

        fn logits(&self, inputs: &[Input<'_>]) -> Result<Vec<Hidden>> {
            let judge = |input: &Input<'_>| {
                assert!(input.ids.len() <= 16 && input.ids.len() == input.types.len());
                let says =
                    |word, text| input.ids.iter().zip(input.types).any(|at| at == (&word, &text));
                let logits = if says(3, 0) && says(4, 1) { [9.0, 0.0] } else { [0.0, 9.0] };
                Hidden { values: logits.to_vec(), width: 2 }
            };
            Ok(inputs.iter().map(judge).collect())
        }
    }

    fn inference() -> Inference {
        let labels = Labels::load(&Assets::BuiltIn(&[])).unwrap();
        let tokenizer = tokenizer(&["blamed", "opposes", "supports", "Iran", "and"]);
        Inference::new(tokenizer, labels, 0, Box::new(Blame), Origin::fake()).unwrap()
    }

    #[test]
    fn a_pair_is_asked_about_in_every_part_of_its_sentence() {
        for (sentence, sign) in [
            ("Iran blamed Qatar".to_owned(), Sign::Negative),
            ("Iran met Qatar".to_owned(), Sign::Neutral),
            (format!("{}Iran blamed Qatar", "and ".repeat(40)), Sign::Negative),
            (format!("Iran blamed Qatar{}", " and".repeat(40)), Sign::Negative),
        ] {
            let text = format!("Before. {sentence}");
            let span = |word: &str| {
                let start = text.find(word).unwrap();
                Span::new(start, start + word.len())
            };
            let pair = [span("Iran"), span("Qatar")];
            let found = inference().stances(&text, Span::new(8, text.len()), &[pair]).unwrap();
            assert_eq!(found[0].sign(), sign, "{sentence}");
        }
    }

    #[test]
    fn a_name_that_leaves_no_room_for_the_sentence_is_an_error() {
        let text = "Iran and and and and and and and and blamed Iran";
        let pair = [Span::new(0, 36), Span::new(44, 48)];
        let error = inference().stances(text, Span::new(0, 48), &[pair]).unwrap_err().to_string();
        assert!(error.contains("takes 8 of a name"), "{error}");
    }

    #[test]
    fn stance_is_what_follows() {
        for (against, favor, sign) in [
            (0.9, 0.1, Sign::Negative),
            (0.1, 0.9, Sign::Positive),
            (0.1, 0.1, Sign::Neutral),
            (1.0, 1.0, Sign::Neutral),
            (0.0, 0.0, Sign::Neutral),
        ] {
            let found = polarity(against, favor);
            assert_eq!(found.sign(), sign, "{against} {favor}");
            assert!((found.negative + found.neutral + found.positive - 1.0).abs() < 1e-6);
        }
    }
}
