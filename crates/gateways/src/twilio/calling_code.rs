//! What the country of a telephone number says of its owner's language and habits, until he shows them.

/// Calling codes without the plus, by ITU-T E.164, with the locale that most of their owners write in; only
/// locales whose language is one of ours, and no country in which several of them are as likely.
const LOCALES: [(&str, &str); 88] = [
    ("1", "en-US"),
    ("1787", "es-PR"),
    ("1809", "es-DO"),
    ("1829", "es-DO"),
    ("1849", "es-DO"),
    ("1939", "es-PR"),
    ("20", "ar-EG"),
    ("212", "ar-MA"),
    ("213", "ar-DZ"),
    ("216", "ar-TN"),
    ("218", "ar-LY"),
    ("221", "fr-SN"),
    ("223", "fr-ML"),
    ("225", "fr-CI"),
    ("226", "fr-BF"),
    ("228", "fr-TG"),
    ("229", "fr-BJ"),
    ("233", "en-GH"),
    ("234", "en-NG"),
    ("238", "pt-CV"),
    ("241", "fr-GA"),
    ("242", "fr-CG"),
    ("243", "fr-CD"),
    ("244", "pt-AO"),
    ("249", "ar-SD"),
    ("254", "en-KE"),
    ("256", "en-UG"),
    ("258", "pt-MZ"),
    ("260", "en-ZM"),
    ("262", "fr-RE"),
    ("263", "en-ZW"),
    ("27", "en-ZA"),
    ("31", "nl-NL"),
    ("33", "fr-FR"),
    ("34", "es-ES"),
    ("350", "en-GI"),
    ("351", "pt-PT"),
    ("353", "en-IE"),
    ("356", "en-MT"),
    ("377", "fr-MC"),
    ("378", "it-SM"),
    ("39", "it-IT"),
    ("423", "de-LI"),
    ("43", "de-AT"),
    ("44", "en-GB"),
    ("49", "de-DE"),
    ("502", "es-GT"),
    ("503", "es-SV"),
    ("504", "es-HN"),
    ("505", "es-NI"),
    ("506", "es-CR"),
    ("507", "es-PA"),
    ("51", "es-PE"),
    ("52", "es-MX"),
    ("53", "es-CU"),
    ("54", "es-AR"),
    ("55", "pt-BR"),
    ("56", "es-CL"),
    ("57", "es-CO"),
    ("58", "es-VE"),
    ("590", "fr-GP"),
    ("591", "es-BO"),
    ("593", "es-EC"),
    ("594", "fr-GF"),
    ("595", "es-PY"),
    ("596", "fr-MQ"),
    ("597", "nl-SR"),
    ("598", "es-UY"),
    ("61", "en-AU"),
    ("63", "en-PH"),
    ("64", "en-NZ"),
    ("65", "en-SG"),
    ("687", "fr-NC"),
    ("689", "fr-PF"),
    ("91", "en-IN"),
    ("92", "en-PK"),
    ("961", "ar-LB"),
    ("962", "ar-JO"),
    ("963", "ar-SY"),
    ("964", "ar-IQ"),
    ("965", "ar-KW"),
    ("966", "ar-SA"),
    ("967", "ar-YE"),
    ("968", "ar-OM"),
    ("970", "ar-PS"),
    ("971", "ar-AE"),
    ("973", "ar-BH"),
    ("974", "ar-QA"),
];

/// Returns the locale that an address such as `whatsapp:+4915112345678` hints at.
pub(super) fn locale_of(address: &str) -> Option<&'static str> {
    let (_, number) = address.split_once('+')?;
    let of_country = LOCALES.iter().filter(|(code, _)| number.starts_with(code));
    of_country.max_by_key(|(code, _)| code.len()).map(|(_, locale)| *locale)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_hints_at_its_country_by_the_longest_code() {
        assert_eq!(locale_of("whatsapp:+4915112345678"), Some("de-DE"));
        assert_eq!(locale_of("whatsapp:+15005550006"), Some("en-US"));
        assert_eq!(locale_of("whatsapp:+18095550006"), Some("es-DO"));
        assert_eq!(locale_of("whatsapp:+971501234567"), Some("ar-AE"));
        // Belgium writes Dutch and French.
        assert_eq!(locale_of("whatsapp:+32470123456"), None);
        assert_eq!(locale_of("whatsapp:owner"), None);
    }

    #[test]
    fn every_code_is_there_once_and_its_language_is_one_of_ours() {
        assert!(LOCALES.is_sorted_by(|one, other| one.0 < other.0));
        for (code, locale) in LOCALES {
            assert!(domain::tenant::Language::parse(locale).is_some(), "{code} {locale}");
        }
    }
}
