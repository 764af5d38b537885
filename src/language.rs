//! Tells the language of a text, and whether the program can read it.

use serde::{Deserialize, Serialize};
use whatlang::{Info, Lang, Script};

/// Which articles are analysed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Languages {
    /// English ones: the model has learned no other language.
    #[default]
    En,
    /// All of them.
    Any,
}

/// Letters below which a text in Latin letters is taken for English: three sentences. Shorter ones,
/// full of foreign names, are easily taken for another language.
const ENOUGH: usize = 200;
/// Letters from which a text in another script is in another language: not only a name.
const ENOUGH_OF_ANOTHER_SCRIPT: usize = 20;

/// The ISO 639-3 code of a text's language, where it can be told.
pub fn code(text: &str) -> Option<&'static str> {
    whatlang::detect_lang(text).map(|language| language.code())
}

impl Languages {
    /// Whether an article with this text is left unread.
    pub fn exclude(self, text: &str) -> bool {
        self == Self::En && whatlang::detect(text).is_some_and(|found| is_foreign(&found, text))
    }
}

fn is_foreign(found: &Info, text: &str) -> bool {
    let has_letters = |least| text.chars().filter(|c| c.is_alphabetic()).nth(least).is_some();
    match found.script() {
        Script::Latin => found.lang() != Lang::Eng && found.is_reliable() && has_letters(ENOUGH),
        _ => has_letters(ENOUGH_OF_ANOTHER_SCRIPT),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GERMAN: &str = "Die Taliban haben am Montag erklärt, dass sie keinen Angriff auf Pakistan \
    von afghanischem Boden aus dulden würden. In Islamabad hieß es, man habe das schon oft gehört, \
    und die Grenze bei Torkham bleibe geschlossen, bis den Worten auch Taten folgten. Händler auf \
    beiden Seiten klagten, dass ihnen das Obst auf den Lastwagen verderbe.";

    #[test]
    fn other_languages_are_told_and_english_full_of_names_is_not_one() {
        for (text, is_excluded) in [
            (GERMAN, true),
            ("طالبان گفتند که اجازه نخواهند داد از خاک افغانستان به پاکستان حمله شود.", true),
            ("塔利班表示，不会允许任何人利用阿富汗领土袭击巴基斯坦或其他邻国。", true),
            ("Pakistan warned the Taliban on Monday. Iran (ایران) praised Pakistan.", false),
            ("Hamid Karzai, Ashraf Ghani, Abdullah Abdullah, Gulbuddin Hekmatyar.", false),
            ("Iran praised Pakistan.", false),
            ("", false),
        ] {
            assert_eq!(Languages::En.exclude(text), is_excluded, "{text}");
            assert!(!Languages::Any.exclude(text), "{text}");
        }
    }
}
