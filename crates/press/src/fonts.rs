//! The fonts inside the executable, for pages and pictures alike; nothing else is ever looked for.

/// Latin, Greek and Cyrillic letters.
pub const REGULAR: &[u8] = include_bytes!("../fonts/Inter-Regular.ttf");
/// The same, for titles.
pub const SEMI_BOLD: &[u8] = include_bytes!("../fonts/Inter-SemiBold.ttf");
/// Arabic letters.
pub const ARABIC: &[u8] = include_bytes!("../fonts/NotoSansArabic-Regular.ttf");
/// Hebrew letters.
pub const HEBREW: &[u8] = include_bytes!("../fonts/NotoSansHebrew-Regular.ttf");
/// Devanagari letters, of Hindi, Marathi and Nepali; without the Latin ones that it has too.
pub const DEVANAGARI: &[u8] = include_bytes!("../fonts/NotoSansDevanagari-Regular.ttf");

/// All of them, one face each.
pub const ALL: [&[u8]; 5] = [REGULAR, SEMI_BOLD, ARABIC, HEBREW, DEVANAGARI];
