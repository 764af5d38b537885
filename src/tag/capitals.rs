//! Tells sentences that may name somebody from those that cannot, by their capitals.

/// Words that begin sentences and name nobody.
#[rustfmt::skip]
const OPENERS: [&str; 128] = [
    "a", "about", "according", "after", "again", "all", "already", "also", "although",
    "amid", "among", "an", "and", "another", "any", "as", "at", "because", "before",
    "behind", "between", "both", "but", "by", "despite", "during", "each", "either", "even",
    "every", "few", "finally", "first", "following", "for", "four", "from", "further",
    "given", "he", "hence", "her", "here", "his", "how", "however", "if", "in", "indeed",
    "instead", "it", "its", "last", "later", "many", "meanwhile", "more", "moreover",
    "most", "much", "my", "nearly", "neither", "nevertheless", "next", "no", "none", "nor",
    "not", "nothing", "now", "of", "on", "once", "one", "only", "or", "other", "others",
    "our", "over", "perhaps", "rather", "she", "since", "so", "some", "still", "such",
    "that", "the", "their", "then", "there", "therefore", "these", "they", "this", "those",
    "though", "three", "through", "throughout", "thus", "to", "today", "together", "too",
    "two", "under", "unless", "until", "we", "what", "when", "where", "whether", "which",
    "while", "who", "why", "with", "within", "without", "yesterday", "yet", "you", "your",
];

/// Whether a sentence may hold a name that is not in the register: whether any of its words but the
/// first has a capital, or belongs to a script without. A first word with a capital is no name if it
/// is one of those that begin sentences ('The', 'However'); 'I' is none anywhere.
pub fn may_name(sentence: &str) -> bool {
    let words = sentence.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    words.enumerate().any(|(place, word)| {
        let is_lower = word.chars().all(char::is_lowercase);
        !(is_lower || word == "I" || (place == 0 && is_opener(word)))
    })
}

fn is_opener(word: &str) -> bool {
    let mut letters = word.chars();
    let first = letters.next().is_some_and(char::is_uppercase);
    first
        && letters.all(char::is_lowercase)
        && OPENERS.binary_search(&&*word.to_lowercase()).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capitals_may_be_names() {
        for (sentence, may) in [
            ("The talks failed after two days.", false),
            ("“However, what I said in 2021 is true,” he added.", false),
            ("It's over.", false),
            ("they left", false),
            ("The talks with Iran failed.", true),
            ("Talks failed.", true),
            ("WHO warned of it.", true),
            ("Who warned of it?", false),
            ("The al-Shabaab group", true),
            ("The 习近平 visit", true),
            ("The iPhone", true),
            ("", false),
        ] {
            assert_eq!(may_name(sentence), may, "{sentence}");
        }
        assert!(OPENERS.is_sorted());
    }
}
