//! The table of awkward names: year and author's country, text, mention, expected, and the source:
//! the known error of the field that the line guards against.

/// The errors, and where they are known from.
pub(crate) const SOURCES: [(&str, &str); 14] = [
    ("alike", "coders that take the first like name: Niger for Nigeria, one Congo for the other"),
    ("case", "coders that ignore capitals: 'us' for the US, 'polish' for Polish"),
    ("chain", "coders that read each sentence alone: 'Khan' after 'Prime Minister Imran Khan'"),
    ("dated", "dictionaries frozen in 2018, which know no Taliban government"),
    ("mask", "geoparsers: 'European' a mine in Arizona, 'Columbia University' in Colombia"),
    ("metonym", "17 % of location names are used for something else than the place"),
    ("nobody", "coders that give every group the government of the country it is in"),
    (
        "person",
        "geoparsers that find Jordan in Michael Jordan, and blocklists that lose the country",
    ),
    ("several", "dictionaries with one country a name, so that regions and pairs are lost"),
    ("speaker", "corpora of speeches, in which 'we' is the country"),
    ("spelling", "dictionaries with one spelling: Türkiye, Cote d'Ivoire, U.S.-backed"),
    ("substring", "'assad' inside 'ambassador', 'oman' inside 'Roman'"),
    ("tie", "coders that know only listed people: a new minister is nobody's"),
    ("toponym", "geoparsers: Moscow in Idaho, Hyderabad, Tripoli, Georgia"),
];

pub(crate) const CASES: &str = r#"
- | The ambassador of Syria met {P Bashar al-Assad}. | ambassador | ! | substring
- | The ambassador of Syria spoke. | assad | ! | substring
- | The US said it would help. | US | USA | case
- | It would help us all. | us | ! | case
- | The U.S.-backed forces withdrew. | U.S. | USA | spelling
- | U.N. officials left. | U.N. | - | spelling
- | Turkey closed the strait. | Turkey | TUR | case
- | They ate turkey for dinner. | turkey | ! | case
- | Türkiye’s president spoke. | Türkiye | TUR | spelling
- | They polish the china in the kitchen. | polish | ! | case
- | They polish the china in the kitchen. | china | ! | case
- | Polish troops left. | Polish | POL | case
- | A fire in New Mexico spread. | Mexico | ! | mask
- | Ships crossed the South China Sea. | China | ! | mask
- | Tankers left the Persian Gulf. | Persian | ! | mask
- | {O Bank of America} cut rates. | America | ! | mask
- | Papua New Guinea voted. | Papua New Guinea | PNG | alike
- | Equatorial Guinea voted. | Equatorial Guinea | GNQ | alike
- | Guinea-Bissau voted. | Guinea-Bissau | GNB | alike
- | Niger and Nigeria closed their border. | Niger | NER | alike
- | Nigerian troops crossed. | Nigerian | NGA | alike
- | Nigerien troops crossed. | Nigerien | NER | alike
- | The Democratic Republic of the Congo accused Rwanda. | Democratic Republic of the Congo | COD | alike
- | The Republic of the Congo voted. | Republic of the Congo | COG | alike
- | South Sudan and Sudan talked. | South Sudan | SSD | alike
- | South Sudan and Sudan talked. | Sudan | SDN | alike
- | North Korea fired a missile. | North Korea | PRK | alike
- | South Korean ships sailed. | South Korean | KOR | alike
- | The DPRK fired a missile. | DPRK | PRK | alike
- | Northern Ireland voted. | Northern Ireland | GBR | alike
- | The Dominican Republic voted. | Dominican Republic | DOM | alike
- | British Columbia burned. | Columbia | ! | mask
- | {O Columbia University} protested. | Columbia University | ? | mask
- | {P Michael Jordan} retired. | Jordan | ! | person
- | {P Michael Jordan} retired. | Michael Jordan | ? | person
- | {L Jordan} and Syria reopened the crossing. | Jordan | JOR | person
- | Jordan and Syria reopened the crossing. | Jordan | JOR | person
- | {P Jordan} scored twice. | Jordan | ? | person
- | {P Chad Smith} played the drums. | Chad | ! | person
- | Chad and Sudan sent troops. | Chad | TCD | person
- | Georgia and Armenia signed a treaty. | Georgia | GEO | toponym
- | Voters in Georgia and Alabama, in the United States, went to the polls. | Georgia | USA | toponym
- | {P Israel Katz} resigned. | Israel | ! | person
- | {P Paris Hilton} sang. | Paris | ! | person
- | Paris condemned the strike. | Paris | FRA | person
- | Burma and Siam were kingdoms. | Burma | MMR | spelling
- | Persia fell. | Persia | IRN | spelling
- | The PRC protested. | PRC | CHN | spelling
- | Cote d'Ivoire voted. | Cote d'Ivoire | CIV | spelling
- | Côte d’Ivoire voted. | Côte d’Ivoire | CIV | spelling
- | Timor Leste voted. | Timor Leste | TLS | spelling
- | Viet Nam protested. | Viet Nam | VNM | spelling
- | The Holy See spoke. | Holy See | VAT | mask
- | Bosnia and Herzegovina voted. | Bosnia and Herzegovina | BIH | spelling
- | Trinidad and Tobago voted. | Trinidad and Tobago | TTO | spelling
- | ISLAMABAD WARNS KABUL | ISLAMABAD | PAK | case
- | ISLAMABAD WARNS KABUL | KABUL | AFG | case
- | Islamabad warned Kabul. | Islamabad | PAK | metonym
- | The Kremlin denied it. | Kremlin | RUS | metonym
- | The White House denied it. | White House | USA | metonym
- | Rawalpindi is impatient. | Rawalpindi | PAK | metonym
- | Downing Street declined to comment. | Downing Street | GBR | metonym
- | Pakistan's patience is thin. | Pakistan | PAK | spelling
- | Pakistan’s patience is thin. | Pakistan | PAK | spelling
- | Afghan-Pakistani trade fell. | Afghan | AFG | spelling
- | Afghan-Pakistani trade fell. | Pakistani | PAK | spelling
- | The pro-Pakistani group left. | Pakistani | PAK | spelling
2022 | The Taliban-run ministry closed. | Taliban | AFG | dated
2022 | The Taliban closed schools. | Taliban | AFG | dated
2019 | The Taliban attacked a base. | Taliban | - | dated
1998 | The Taliban closed schools. | Taliban | AFG | dated
1995 | The Taliban took Herat. | Taliban | - | dated
- | The Taliban closed schools. | Taliban | AFG | dated
2022 | The Afghan Taliban closed schools. | Afghan Taliban | AFG | dated
2022 | The Pakistani Taliban attacked a post. | Pakistani Taliban | - | nobody
2022 | The {N Taliban regime} closed schools. | Taliban | AFG | dated
2022 | The {O Afghan government} closed schools. | Afghan | AFG | tie
2023 | {O Tehreek-e-Taliban Pakistan} (TTP) attacked a post. | Tehreek-e-Taliban Pakistan | - | nobody
2023 | The TTP attacked Pakistan. | TTP | - | nobody
2023 | The TTP attacked Pakistan. | Pakistan | PAK | nobody
2023 | ISKP claimed the attack. | ISKP | - | nobody
2023 | Al-Qaeda’s leader died. | Al-Qaeda | - | nobody
2023 | NATO and the European Union met. | NATO | - | nobody
2023 | NATO and the European Union met. | European Union | - | nobody
2023 | Central Asian states met. | Central Asian states | KAZ+KGZ+TJK+TKM+UZB | several
2023 | The central Asian republics met. | central Asian republics | KAZ+KGZ+TJK+TKM+UZB | several
2020 | Pakistani Prime Minister {P Imran Khan} spoke. / {P Khan} left. | Khan | PAK | chain
2023 | {P Wali Nameless}, the Pakistani prime minister, spoke. / {P Nameless} left. | Nameless | PAK | chain
2023 | Iranian Foreign Minister {P Reza Nameless} spoke. | Reza Nameless | IRN | tie
2023 | Pakistan's military chief, Gen. {P Asim Nameless}, spoke. | Asim Nameless | PAK | tie
2023 | {P Ali Nameless} of Pakistan spoke. | Ali Nameless | PAK | tie
2023 | {P Ali Nameless}, foreign minister of Iran, spoke. | Ali Nameless | IRN | tie
2023 | {P Ali Nameless}, a spokesman for the Taliban, spoke. | Ali Nameless | AFG | tie
2023 | Taliban spokesman {P Ali Nameless} spoke. | Ali Nameless | AFG | tie
2023 | TTP commander {P Noor Nameless} spoke. | Noor Nameless | - | nobody
2023 | US ambassador to Pakistan {P Ann Nameless} spoke. | Ann Nameless | USA | tie
2023 | The special envoy for Afghanistan, {P Ann Nameless}, spoke. | Ann Nameless | ? | tie
2023 | Afghanistan and {P Ann Nameless} were discussed. | Ann Nameless | ? | tie
2023 | Iranians praised {P Ann Nameless}. | Ann Nameless | ? | tie
2023 | The Chinese attack killed {P Ann Nameless}. | Ann Nameless | ? | tie
2023 | {P Ann Nameless}, Pakistan and Iran were discussed. | Ann Nameless | ? | tie
2023 | {P Ann Nameless} spoke. | Ann Nameless | ? | tie
2023 | The {P Pakistani Prime Minister Ali Nameless} spoke. | Ali Nameless | PAK | tie
2023 | The {O Afghan Ministry of Mines} signed. | Afghan Ministry of Mines | AFG | tie
2023 | The {O Foreign Ministry} in Tehran objected. | Foreign Ministry | IRN | tie
2023 | The {O Government of Pakistan} objected. | Pakistan | PAK | tie
2023 | The {O Acme Widgets} objected. | Acme Widgets | ? | tie
2023 | Iran's {O Guild of Bakers} objected. | Guild of Bakers | IRN | tie
2023 | {L Kabul River} flooded. | Kabul River | ? | mask
2023 | The {M Kabul Declaration} was signed. | Kabul | ! | mask
2023 | Fighting spread in Badakhshan, Afghanistan. | Badakhshan | AFG | toponym
2023 | Peshawar was hit. | Peshawar | PAK | toponym
- | The US honoured {P Michael Jordan}. / Jordan spoke. | Jordan | ? | person
2023 | Hyderabad, Pakistan, was hit. | Hyderabad | PAK | toponym
2023 | India's police searched Hyderabad. | Hyderabad | IND | toponym
2023 | {L Moscow}, Idaho, voted. | Moscow | ? | toponym
2023 | Moscow, Beijing and Tehran met. | Moscow | RUS | metonym
2022 | Mullah Yaqoob visited. | Mullah Yaqoob | AFG | dated
2016 | {P Barack Obama} spoke. | Barack Obama | USA | dated
2023 | Kazakhstan and Kyrgyzstan talked. | Kyrgyzstan | KGZ | spelling
2023 | Kirghizia was a Soviet republic. | Kirghizia | KGZ | spelling
2023 | Swaziland was renamed. | Swaziland | SWZ | spelling
2023 | Macedonia and Greece settled their dispute. | Macedonia | MKD | spelling
2023 | The Korean Peninsula is tense. | Korean Peninsula | KOR+PRK | alike
2023 | The Gulf states met. | Gulf states | ARE+BHR+KWT+OMN+QAT+SAU | several
2023 | The Baltic states met. | Baltic states | EST+LTU+LVA | several
2023 | The U.A.E. mediated. | U.A.E. | ARE | spelling
2023 | Abu Dhabi mediated. | Abu Dhabi | ARE | metonym
2023 | The Houthis fired at ships. | Houthis | - | nobody
2023 | Hezbollah fired at Israel. | Hezbollah | - | nobody
2023 | Israel's envoy spoke. | Israel | ISR | spelling
2023 | The IRGC denied it. | IRGC | IRN | tie
2023 | Pakistan's ISI denied it. | ISI | PAK | tie
2023 | Jaish al-Adl attacked a post in Iran. | Jaish al-Adl | - | nobody
2023 | The BLA attacked a post in Pakistan. | BLA | - | nobody
2023 | Islamic State claimed the attack. | Islamic State | - | nobody
2023 | The Shanghai Cooperation Organisation met. | Shanghai Cooperation Organisation | - | nobody
2023 | Ankara, Baku and Tbilisi signed. | Tbilisi | GEO | metonym
2023 | Brussels imposed sanctions on Minsk. | Brussels | - | metonym
2023 | Talks were held in Brussels. | Brussels | BEL | metonym
2023 | Britain's embassy closed. | Britain | GBR | spelling
2023 | The UK's embassy closed. | UK | GBR | spelling
2023 | The English Channel froze. | English | ! | mask
2023 | The French Foreign Legion left Mali. | Mali | MLI | mask
2023 | Russia's Wagner left Mali. | Mali | MLI | mask
2023 | The Islamic Republic of Iran objected. | Islamic Republic of Iran | IRN | spelling
2023 | A Chinese-built port opened. | Chinese | CHN | spelling
2023 | Anti-Iranian slogans were painted. | Iranian | IRN | spelling
2023 | Libya's navy left Tripoli. | Tripoli | LBY | toponym
2023 | Afghan Uzbeks voted. | Uzbeks | AFG | several
2021 PAK | We condemn the attack. | We | PAK | speaker
2021 PAK | It is our duty. | our | PAK | speaker
2021 PAK | The US helped us. | us | PAK | speaker
2021 PAK | The US helped us. | US | USA | speaker
2021 PAK | He said: “We are ready.” | We | ! | speaker
2021 PAK | Since World War I began, much changed. | I | ! | speaker
2021 | We condemn the attack. | We | ! | speaker
- | A mine in Arizona, in the United States, is called European. | Arizona | USA | mask
- | European leaders met. | European | ! | mask
- | {O Columbia Pictures} released a film. | Columbia Pictures | ? | mask
- | Colombia and Venezuela talked. | Colombia | COL | alike
- | Iraq and Iran talked. | Iran | IRN | alike
- | Slovakia and Slovenia talked. | Slovenia | SVN | alike
- | Slovakia and Slovenia talked. | Slovakia | SVK | alike
- | Austria and Australia talked. | Austria | AUT | alike
- | Latvia and Lithuania talked. | Latvia | LVA | alike
- | Mauritania and Mauritius voted. | Mauritania | MRT | alike
- | Mali and Malawi voted. | Mali | MLI | alike
- | Dominica and the Dominican Republic voted. | Dominica | DMA | alike
- | Omani ships left; the ominous Roman army stayed. | Omani | OMN | substring
- | The ominous Roman army stayed. | oman | ! | substring
- | Romania voted. | Oman | ! | substring
- | Somalia voted. | Mali | ! | substring
- | Ukraine voted. | UK | ! | substring
- | The Indiana governor spoke. | India | ! | substring
- | The Iranians spoke. | Iran | ! | substring
- | Indonesian ships left. | India | ! | substring
- | Who said that? | Who | ! | case
- | The WHO said that. | WHO | - | case
- | It is what it is. | is | ! | case
- | The chad was hanging. | chad | ! | case
- | They bought jersey and cashmere. | jersey | ! | case
- | Prime Minister {P Rabin} spoke. | Rabin | ISR | chain
1995 | Pakistan's cabinet met, and President {P Leghari} spoke. | Leghari | PAK | chain
2023 | A baker named {P Rabin} spoke. | Rabin | ? | chain
2023 | Saudi Arabia hosted Iran. / Riyadh said the kingdom would mediate. | kingdom | SAU | chain
2023 | Saudi Arabia and Jordan met. / The kingdom objected. | kingdom | ! | chain
2023 SAU | Jordan met the Kingdom's minister. | Kingdom | SAU | chain
2023 | The prince rode to the kingdom of the dead. | kingdom | ! | chain
2023 | The Taliban and Pakistan met. / Kandahar said the emirate would not move. | emirate | AFG | chain
2023 | Qatar hosted the talks. / The emirate paid for them. | emirate | QAT | chain
2023 | Myanmar's villages burned, and the junta denied it. | junta | MMR | chain
2015 | Myanmar's villages burned, and the junta denied it. | junta | ! | chain
2023 | Mali and Niger met. / The junta denied it. | junta | ! | chain
2023 | Pakistan closed the border. / It also accused Kabul of neglect. | It | PAK | chain
2023 | Pakistan closed the border. / It is true that it rained. | It | ! | chain
2023 | Pakistan and Iran closed the border. / It accused Kabul of neglect. | It | ! | chain
2023 | Pakistan closed the border. / The rain fell. / It accused Kabul of neglect. | It | ! | chain
2023 | {P Ann Nameless} praised Pakistan. / It accused Kabul of neglect. | It | ! | chain
2023 | The Houthis fired at ships. / They threatened to fire again. | They | - | chain
2023 | The Taliban closed schools. / Their leadership said nothing. | Their | AFG | chain
2023 | Iran and Pakistan exchanged fire. / The two countries then recalled their envoys. | The two countries | IRN+PAK | chain
2023 | Iran and Pakistan said the two countries would talk. | the two countries | IRN+PAK | chain
2023 | Iran, China and Pakistan met. / The two countries will talk. | The two countries | ! | chain
2023 | Talks began in Doha between Iran and Pakistan. / Both nations were hopeful. | Both nations | IRN+PAK | chain
2023 | Iran attacked. / {O Baluch Freedom Front} (BFF) denied it. / The {O BFF} left. | BFF | ? | chain
2023 | Afghanistan's {O Guild of Millers} (GoM) met. / The {O GoM} left. | GoM | AFG | chain
2023 | The {N Armenian}-{N Azerbaijani} border was quiet. | Azerbaijani | AZE | several
2023 | The South Caucasus is quiet. | South Caucasus | ARM+AZE+GEO | several
2023 | The people of Jammu and Kashmir voted. | Jammu and Kashmir | ? | toponym
2023 | Israel and Palestine both claim Jerusalem. | Jerusalem | ISR | metonym
2023 | The envoys met in Jerusalem. | Jerusalem | - | metonym
2023 | Jerusalem accused Tehran. | Jerusalem | ISR | metonym
2023 | {L Hyderabad} was hit. | Hyderabad | IND | toponym
2023 | Pakistan's police searched Hyderabad. | Hyderabad | PAK | toponym
2023 | Lebanon's army entered Tripoli. | Tripoli | LBN | toponym
2023 | The army of Lebanon left for {L Georgia}, Russia's neighbour. | Georgia | GEO | toponym
2023 | Police in Khyber Pakhtunkhwa objected. | Khyber Pakhtunkhwa | PAK | toponym
2023 | Police in Sistan and Baluchestan objected. | Sistan and Baluchestan | IRN | toponym
2023 | Police in Xinjiang objected. | Xinjiang | CHN | toponym
2023 | Police in Gorno-Badakhshan objected. | Gorno-Badakhshan | TJK | toponym
2003 | Saddam Hussein spoke. | Saddam Hussein | IRQ | dated
2000 | The Northern Alliance held the north. | Northern Alliance | - | nobody
2023 | Hamas thanked Tehran. | Hamas | - | nobody
2023 | The {O Haqqani network} denied it. | Haqqani network | AFG | dated
2015 | The {O Haqqani network} denied it. | Haqqani network | - | dated
2023 | ETIM denied it. | ETIM | - | nobody
2023 | The Turkistan Islamic Party denied it. | Turkistan Islamic Party | - | nobody
2023 | Mossad denied it. | Mossad | ISR | tie
2023 | China's MSS denied it. | MSS | CHN | tie
2023 | India's RAW denied it. | RAW | IND | tie
2023 | French Ambassador to Qatar H E {P Jean Nameless} spoke. | Jean Nameless | FRA | tie
2021 PAK | My Government and {O Acme Widgets} objected. | My | PAK | speaker
2021 PAK | My country has suffered. | My | PAK | speaker
2021 PAK | Let us praise the United States. | us | PAK | speaker
2023 | Iran mourned. / {P Herat} counts the buses from Iran, a town in Afghanistan. | Herat | AFG | toponym
2023 | {P Herat} sang. | Herat | ? | person
2023 | {P Omar Herat} of Afghanistan sang. / {P Herat} left. | Herat | ? | person
2001 | The {P Custodian of the Two Holy Mosques} spoke. | Custodian of the Two Holy Mosques | SAU | tie
2023 | {O the} spoke of Iran. | the | ? | mask
- | Taliban militants attacked a base. | Taliban | - | dated
2022 | Taliban militants attacked a base. | Taliban | AFG | dated
"#;
