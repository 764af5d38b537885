//! The table of awkward names: year and author's country, text, mention, expected.

pub(crate) const CASES: &str = r#"
- | The ambassador of Syria met {P Bashar al-Assad}. | ambassador | !
- | The ambassador of Syria spoke. | assad | !
- | The US said it would help. | US | USA
- | It would help us all. | us | !
- | The U.S.-backed forces withdrew. | U.S. | USA
- | U.N. officials left. | U.N. | -
- | Turkey closed the strait. | Turkey | TUR
- | They ate turkey for dinner. | turkey | !
- | Türkiye’s president spoke. | Türkiye | TUR
- | They polish the china in the kitchen. | polish | !
- | They polish the china in the kitchen. | china | !
- | Polish troops left. | Polish | POL
- | A fire in New Mexico spread. | Mexico | !
- | Ships crossed the South China Sea. | China | !
- | Tankers left the Persian Gulf. | Persian | !
- | {O Bank of America} cut rates. | America | !
- | Papua New Guinea voted. | Papua New Guinea | PNG
- | Equatorial Guinea voted. | Equatorial Guinea | GNQ
- | Guinea-Bissau voted. | Guinea-Bissau | GNB
- | Niger and Nigeria closed their border. | Niger | NER
- | Nigerian troops crossed. | Nigerian | NGA
- | Nigerien troops crossed. | Nigerien | NER
- | The Democratic Republic of the Congo accused Rwanda. | Democratic Republic of the Congo | COD
- | The Republic of the Congo voted. | Republic of the Congo | COG
- | South Sudan and Sudan talked. | South Sudan | SSD
- | South Sudan and Sudan talked. | Sudan | SDN
- | North Korea fired a missile. | North Korea | PRK
- | South Korean ships sailed. | South Korean | KOR
- | The DPRK fired a missile. | DPRK | PRK
- | Northern Ireland voted. | Northern Ireland | GBR
- | The Dominican Republic voted. | Dominican Republic | DOM
- | British Columbia burned. | Columbia | !
- | {O Columbia University} protested. | Columbia University | ?
- | {P Michael Jordan} retired. | Jordan | !
- | {P Michael Jordan} retired. | Michael Jordan | ?
- | {L Jordan} and Syria reopened the crossing. | Jordan | JOR
- | Jordan and Syria reopened the crossing. | Jordan | JOR
- | {P Jordan} scored twice. | Jordan | ?
- | {P Chad Smith} played the drums. | Chad | !
- | Chad and Sudan sent troops. | Chad | TCD
- | Georgia and Armenia signed a treaty. | Georgia | GEO
- | Voters in Georgia and Alabama, in the United States, went to the polls. | Georgia | USA
- | {P Israel Katz} resigned. | Israel | !
- | {P Paris Hilton} sang. | Paris | !
- | Paris condemned the strike. | Paris | FRA
- | Burma and Siam were kingdoms. | Burma | MMR
- | Persia fell. | Persia | IRN
- | The PRC protested. | PRC | CHN
- | Cote d'Ivoire voted. | Cote d'Ivoire | CIV
- | Côte d’Ivoire voted. | Côte d’Ivoire | CIV
- | Timor Leste voted. | Timor Leste | TLS
- | Viet Nam protested. | Viet Nam | VNM
- | The Holy See spoke. | Holy See | VAT
- | Bosnia and Herzegovina voted. | Bosnia and Herzegovina | BIH
- | Trinidad and Tobago voted. | Trinidad and Tobago | TTO
- | ISLAMABAD WARNS KABUL | ISLAMABAD | PAK
- | ISLAMABAD WARNS KABUL | KABUL | AFG
- | Islamabad warned Kabul. | Islamabad | PAK
- | The Kremlin denied it. | Kremlin | RUS
- | The White House denied it. | White House | USA
- | Rawalpindi is impatient. | Rawalpindi | PAK
- | Downing Street declined to comment. | Downing Street | GBR
- | Pakistan's patience is thin. | Pakistan | PAK
- | Pakistan’s patience is thin. | Pakistan | PAK
- | Afghan-Pakistani trade fell. | Afghan | AFG
- | Afghan-Pakistani trade fell. | Pakistani | PAK
- | The pro-Pakistani group left. | Pakistani | PAK
2022 | The Taliban-run ministry closed. | Taliban | AFG
2022 | The Taliban closed schools. | Taliban | AFG
2019 | The Taliban attacked a base. | Taliban | -
1998 | The Taliban closed schools. | Taliban | AFG
1995 | The Taliban took Herat. | Taliban | -
- | The Taliban closed schools. | Taliban | AFG
2022 | The Afghan Taliban closed schools. | Afghan Taliban | AFG
2022 | The Pakistani Taliban attacked a post. | Pakistani Taliban | -
2022 | The {N Taliban regime} closed schools. | Taliban | AFG
2022 | The {O Afghan government} closed schools. | Afghan | AFG
2023 | {O Tehreek-e-Taliban Pakistan} (TTP) attacked a post. | Tehreek-e-Taliban Pakistan | -
2023 | The TTP attacked Pakistan. | TTP | -
2023 | The TTP attacked Pakistan. | Pakistan | PAK
2023 | ISKP claimed the attack. | ISKP | -
2023 | Al-Qaeda’s leader died. | Al-Qaeda | -
2023 | NATO and the European Union met. | NATO | -
2023 | NATO and the European Union met. | European Union | -
2023 | Central Asian states met. | Central Asian states | KAZ+KGZ+TJK+TKM+UZB
2023 | The central Asian republics met. | central Asian republics | KAZ+KGZ+TJK+TKM+UZB
2020 | Pakistani Prime Minister {P Imran Khan} spoke. / {P Khan} left. | Khan | PAK
2023 | {P Wali Nameless}, the Pakistani prime minister, spoke. / {P Nameless} left. | Nameless | PAK
2023 | Iranian Foreign Minister {P Reza Nameless} spoke. | Reza Nameless | IRN
2023 | Pakistan's military chief, Gen. {P Asim Nameless}, spoke. | Asim Nameless | PAK
2023 | {P Ali Nameless} of Pakistan spoke. | Ali Nameless | PAK
2023 | {P Ali Nameless}, foreign minister of Iran, spoke. | Ali Nameless | IRN
2023 | {P Ali Nameless}, a spokesman for the Taliban, spoke. | Ali Nameless | AFG
2023 | Taliban spokesman {P Ali Nameless} spoke. | Ali Nameless | AFG
2023 | TTP commander {P Noor Nameless} spoke. | Noor Nameless | -
2023 | US ambassador to Pakistan {P Ann Nameless} spoke. | Ann Nameless | USA
2023 | The special envoy for Afghanistan, {P Ann Nameless}, spoke. | Ann Nameless | ?
2023 | Afghanistan and {P Ann Nameless} were discussed. | Ann Nameless | ?
2023 | Iranians praised {P Ann Nameless}. | Ann Nameless | ?
2023 | The Chinese attack killed {P Ann Nameless}. | Ann Nameless | ?
2023 | {P Ann Nameless}, Pakistan and Iran were discussed. | Ann Nameless | ?
2023 | {P Ann Nameless} spoke. | Ann Nameless | ?
2023 | The {P Pakistani Prime Minister Ali Nameless} spoke. | Ali Nameless | PAK
2023 | The {O Afghan Ministry of Mines} signed. | Afghan Ministry of Mines | AFG
2023 | The {O Foreign Ministry} in Tehran objected. | Foreign Ministry | IRN
2023 | The {O Government of Pakistan} objected. | Pakistan | PAK
2023 | The {O Acme Widgets} objected. | Acme Widgets | ?
2023 | Iran's {O Guild of Bakers} objected. | Guild of Bakers | IRN
2023 | {L Kabul River} flooded. | Kabul River | ?
2023 | The {M Kabul Declaration} was signed. | Kabul | !
2023 | Fighting spread in Badakhshan, Afghanistan. | Badakhshan | AFG
2023 | Peshawar was hit. | Peshawar | PAK
- | The US honoured {P Michael Jordan}. / Jordan spoke. | Jordan | ?
2023 | Hyderabad, Pakistan, was hit. | Hyderabad | PAK
2023 | India's police searched Hyderabad. | Hyderabad | IND
2023 | {L Moscow}, Idaho, voted. | Moscow | ?
2023 | Moscow, Beijing and Tehran met. | Moscow | RUS
2022 | Mullah Yaqoob visited. | Mullah Yaqoob | AFG
2016 | {P Barack Obama} spoke. | Barack Obama | USA
2023 | Kazakhstan and Kyrgyzstan talked. | Kyrgyzstan | KGZ
2023 | Kirghizia was a Soviet republic. | Kirghizia | KGZ
2023 | Swaziland was renamed. | Swaziland | SWZ
2023 | Macedonia and Greece settled their dispute. | Macedonia | MKD
2023 | The Korean Peninsula is tense. | Korean Peninsula | KOR+PRK
2023 | The Gulf states met. | Gulf states | ARE+BHR+KWT+OMN+QAT+SAU
2023 | The Baltic states met. | Baltic states | EST+LTU+LVA
2023 | The U.A.E. mediated. | U.A.E. | ARE
2023 | Abu Dhabi mediated. | Abu Dhabi | ARE
2023 | The Houthis fired at ships. | Houthis | -
2023 | Hezbollah fired at Israel. | Hezbollah | -
2023 | Israel's envoy spoke. | Israel | ISR
2023 | The IRGC denied it. | IRGC | IRN
2023 | Pakistan's ISI denied it. | ISI | PAK
2023 | Jaish al-Adl attacked a post in Iran. | Jaish al-Adl | -
2023 | The BLA attacked a post in Pakistan. | BLA | -
2023 | Islamic State claimed the attack. | Islamic State | -
2023 | The Shanghai Cooperation Organisation met. | Shanghai Cooperation Organisation | -
2023 | Ankara, Baku and Tbilisi signed. | Tbilisi | GEO
2023 | Brussels imposed sanctions on Minsk. | Brussels | -
2023 | Talks were held in Brussels. | Brussels | BEL
2023 | Britain's embassy closed. | Britain | GBR
2023 | The UK's embassy closed. | UK | GBR
2023 | The English Channel froze. | English | !
2023 | The French Foreign Legion left Mali. | Mali | MLI
2023 | Russia's Wagner left Mali. | Mali | MLI
2023 | The Islamic Republic of Iran objected. | Islamic Republic of Iran | IRN
2023 | A Chinese-built port opened. | Chinese | CHN
2023 | Anti-Iranian slogans were painted. | Iranian | IRN
2023 | Libya's navy left Tripoli. | Tripoli | LBY
2023 | Afghan Uzbeks voted. | Uzbeks | AFG
2021 PAK | We condemn the attack. | We | PAK
2021 PAK | It is our duty. | our | PAK
2021 PAK | The US helped us. | us | PAK
2021 PAK | The US helped us. | US | USA
2021 PAK | He said: “We are ready.” | We | !
2021 PAK | Since World War I began, much changed. | I | !
2021 | We condemn the attack. | We | !
"#;
