//! The measures of the page, in twentieths of a point unless a name says otherwise, and the fonts.

use docx_rs::RunFonts;

/// A4.
pub(super) const PAGE: (u32, u32) = (11_906, 16_838);
/// 天头, 37 mm.
pub(super) const ABOVE: i32 = 2_098;
/// 35 mm: what 225 mm of text leave below.
pub(super) const BELOW: i32 = 1_984;
/// 订口, 28 mm.
pub(super) const LEFT: i32 = 1_587;
/// 26 mm: what 156 mm of text leave on the right.
pub(super) const RIGHT: i32 = 1_474;
/// Width of the text, 156 mm.
pub(super) const WIDTH: usize = 8_845;
/// From the top of the page to the small print, 18 mm.
pub(super) const HEADER: i32 = 1_020;
/// From the foot of the page to the small print; the page number then stands 7 mm under the text.
pub(super) const FOOTER: i32 = 1_020;

/// One line of 22 in 225 mm.
pub(super) const LINE: i32 = 579;
/// 28 characters of 16 points in 156 mm stand a quarter of a point closer. A grid of characters would say the same, yet not
/// every program reads one alike.
pub(super) const TRACKING: i32 = -5;
/// Two characters.
pub(super) const TWO_CHARACTERS: i32 = 632;
/// One character of the page number, 14 points.
pub(super) const ONE_CHARACTER: i32 = 280;
/// Four characters, which stand right of the date.
pub(super) const FOUR_CHARACTERS: i32 = 1_264;

/// Sizes in half points.
pub(super) mod size {
    /// 一号, the mark.
    pub(in super::super) const MARK: usize = 52;
    /// 二号, the title.
    pub(in super::super) const TITLE: usize = 44;
    /// 三号, the text.
    pub(in super::super) const TEXT: usize = 32;
    /// 四号, page number and captions.
    pub(in super::super) const PAGE_NUMBER: usize = 28;
    /// 小四, tables.
    pub(in super::super) const TABLE: usize = 24;
    /// 小五, small print.
    pub(in super::super) const SMALL: usize = 18;
}

/// Red of the mark and its rule, the only colour of a document.
pub(super) const RED: &str = "FF0000";

/// A font with what may stand for it.
pub(super) struct Font {
    pub name: &'static str,
    pub substitutes: &'static str,
    /// Family by which a program chooses when it has none of them.
    pub family: &'static str,
}

/// 仿宋.
pub(super) const FANG: Font = Font {
    name: "仿宋_GB2312",
    substitutes: "仿宋,FangSong,FangSong_GB2312,方正仿宋_GBK,STFangsong,FandolFang,Noto Serif CJK SC,宋体,SimSun-ExtB",
    family: "modern",
};
/// 小标宋.
pub(super) const TITLE: Font = Font {
    name: "方正小标宋简体",
    substitutes: "方正小标宋_GBK,小标宋体,FZXiaoBiaoSong-B05S,华文中宋,STZhongsong,Noto Serif CJK SC,宋体,SimSun-ExtB",
    family: "auto",
};
/// 黑体.
pub(super) const HEI: Font = Font {
    name: "黑体",
    substitutes: "SimHei,方正黑体_GBK,STHeiti,FandolHei,Noto Sans CJK SC,微软雅黑",
    family: "modern",
};
/// 楷体.
pub(super) const KAI: Font = Font {
    name: "楷体_GB2312",
    substitutes: "楷体,KaiTi,KaiTi_GB2312,方正楷体_GBK,STKaiti,FandolKai,Noto Serif CJK SC,宋体",
    family: "modern",
};
/// 宋体.
pub(super) const SONG: Font = Font {
    name: "宋体",
    substitutes: "SimSun,NSimSun,方正书宋_GBK,STSong,FandolSong,Noto Serif CJK SC,SimSun-ExtB",
    family: "auto",
};
/// Digits and Latin letters.
pub(super) const LATIN: Font = Font {
    name: "Times New Roman",
    substitutes: "Liberation Serif,Tinos,Noto Serif",
    family: "roman",
};

/// Every font a document names.
pub(super) const FONTS: [&Font; 6] = [&FANG, &TITLE, &HEI, &KAI, &SONG, &LATIN];

/// The font for Chinese, and the one for digits and Latin letters beside it.
pub(super) fn fonts(chinese: &Font) -> RunFonts {
    RunFonts::new()
        .east_asia(chinese.name)
        .ascii(LATIN.name)
        .hi_ansi(LATIN.name)
        .cs(LATIN.name)
}
