//! Closed lists of the words that hold a phrase together: titles, offices, and the words that end one.

/// Stand before a name and belong to it.
const TITLES: &str = "admiral amir ayatollah brigadier captain caliph chairman chairperson chancellor colonel comrade \
 col commander congressman congresswoman crown deputy dr emir father first foreign former general gen governor \
 grand hafiz haji his her excellency highness hon honourable honorable imam interior interim justice king lady lieutenant lord \
 lt maj major majesty marshal maulana maulvi mawlawi mawlavi minister mr mrs ms mullah molvi pir pope premier \
 president prime prince princess prof professor qari queen rear rep representative reverend royal saint secretary sen \
 senator sergeant shah shaikh sheik sheikh sir speaker state sultan supreme leader the vice";

/// Offices and callings; a person is tied to a country through one.
const ROLES: &str = "academic activist adviser advisor affairs agent aide ally ambassador analyst army attorney author \
 authorities bishop body boss brother cabinet caretaker cardinal centre chair champion chef chief chiefs citizen \
 cleric coach coast-guard cofounder columnist command commando commissioner comptroller conservative consul \
 correspondent counsel counsellor counterpart court czar daughter defence defense delegate delegation diplomat director \
 dissident doctor economist economy editor embassy energy envoy ex expert father-in-law figure finance fighter \
 footballer forces founder fugitive government guard head health hero historian home industry inspector intelligence \
 interlocutor investor islamist jihadist journalist judge junta labour law lawmaker lawyer leader legend legislator magnate \
 mayor mastermind mediator member merchant militant military militia ministry mogul monarch mp musician national naval navy \
 negotiator nobel novelist nuncio office officer official oligarch ombudsman operative opposition organizer parliamentarian \
 party patriarch permanent philosopher physicist pilot planner player poet police policymaker politician pop preacher premier-elect \
 presidency president-elect press priest prisoner prosecutor publisher rapper rebel refugee regime reporter researcher \
 resident ruler scholar scientist security senate servant singer soldier special spiritual spokesman spokesperson spokeswoman \
 spy staff star statesman strategist strongman student superstar terrorist trade treasury troops tycoon undersecretary \
 veteran warlord whistleblower wife writer administration";

/// Words of a name that say only that it governs; 'Government of Pakistan' is Pakistan.
const GENERIC: &str = "government governments republic islamic kingdom state states people peoples federation of the and \
 president prime minister ministers leader leaders authorities regime emirate sultanate former north northern south \
 southern east eastern west western central";

/// Words no noun phrase goes across: a name beyond them is another's.
const FUNCTION: &str = "a about accused accuses across after against ago all along also although am amid among an and any are around as \
 at attacked away be became because become been before behind being below between both but by called calls came can claimed \
 condemned could denied despite did do does down during each either even ever every few for from gave get give go got had has have he her here him his how if \
 in into is it its just killed know last led like made make many may me met might more most much must my near never no nor not now of off on \
 once one only onto or our out outside over own per praised put rejected said same saw say says she should since so some still such take taken than \
 that the their them then there these they this those though through thus till to today told took toward towards under until \
 up upon urged us very via visited wants warned was we were what when where whether which while who whom whose why will with within without would \
 yesterday yet you your";

/// Stand for a country's own where no name is beside them: 'the ministry', 'citizens'.
const NATIONAL: &str = "administration army authorities cabinet capital central citizens civilian congress country court \
 crown dictatorship federal federation forces girls government homeland interim king kingdom military minister ministers ministry \
 monarchy national navy officials parliament people police population premier prime prince prosecutors regime republic ruler rulers \
 security senate soil state supreme territory transitional troops women";

const COUNTERPARTS: &str = "allies ally assembly backers bloc community continent council counterparts countries \
 donors enemies enemy friends group membership movement nations neighbor neighbors neighbour neighbours opponents \
 organisation organisations organization organizations partner partners peoples planet powers region rivals \
 states union world";

const ARMED: &str = "armed bandits extremists factions fighters gunmen guerrillas insurgents jihadists mercenaries militants militia militias \
 rebel rebels separatist separatists terrorist terrorists";

/// Endings of callings not in the list: 'cricketer', 'psychologist'.
const ROLE_ENDINGS: [&str; 6] = ["er", "or", "ist", "man", "woman", "ian"];

/// Whether a word may stand before a person's name as a title.
pub(super) fn is_title(word: &str) -> bool {
    is_in(TITLES, word)
}

/// Whether a word names an office, a calling or a public body.
pub(super) fn is_role(word: &str) -> bool {
    is_in(TITLES, word)
        || is_in(ROLES, word)
        || word.strip_suffix('s').is_some_and(|one| is_in(ROLES, one))
        || (word.len() > 5
            && word.starts_with(char::is_lowercase)
            && !is_function_word(word)
            && ROLE_ENDINGS.iter().any(|ending| word.ends_with(ending)))
}

/// Whether a word of a longer name only says 'the state of'.
pub(super) fn is_generic_word(word: &str) -> bool {
    is_in(GENERIC, word)
}

/// Whether a word ends the phrase it stands after.
pub(super) fn is_function_word(word: &str) -> bool {
    is_in(FUNCTION, word)
}

/// Whether every word is a common noun or a word of government: 'refugees', 'the Government'.
pub(super) fn is_common(span: &str) -> bool {
    span.split_whitespace()
        .all(|word| word.starts_with(char::is_lowercase) || is_generic_word(word) || is_role(word))
}

/// Whether every word is of a state or its people, so that it can only mean the one country there is.
pub(super) fn is_national(span: &str) -> bool {
    let mut words =
        span.split_whitespace().filter(|word| !word.eq_ignore_ascii_case("the")).peekable();
    words.peek().is_some() && words.all(|word| is_in(NATIONAL, word))
}

/// Whether a common noun names those across the table: 'our partners' are not ours.
pub(super) fn is_counterpart(span: &str) -> bool {
    span.split_whitespace().any(|word| is_in(COUNTERPARTS, word))
}

/// Whether a common noun names an armed group, which is nobody's government.
pub(super) fn is_armed(span: &str) -> bool {
    span.split_whitespace().any(|word| is_in(ARMED, word))
}

/// Offices held toward somebody: 'ambassador to'.
pub(super) fn takes_to(word: &str) -> bool {
    ["ambassador", "envoy", "representative", "adviser", "advisor", "delegate", "nuncio"]
        .iter()
        .any(|office| office.eq_ignore_ascii_case(word))
}

fn is_in(list: &str, word: &str) -> bool {
    list.split_ascii_whitespace().any(|listed| listed.eq_ignore_ascii_case(word))
}
