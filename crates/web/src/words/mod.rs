//! Every text of the citizen pages, Chinese and English side by side.
//!
//! A text is a method of [`Language`]: `language.start()`. A missing language or a misspelt placeholder does not compile.

mod answering;
mod around;
mod follow_up;
mod privacy;
mod status;

/// Texts as `name "中文" "English";`, or with what they speak of: `name(count: usize) "{count} 题" "{count} questions";`.
macro_rules! words {
    (@one $name:ident $chinese:literal $english:literal) => {
        pub(crate) const fn $name(self) -> &'static str {
            match self {
                Self::Chinese => $chinese,
                Self::English => $english,
            }
        }
    };
    (@one $name:ident ($($about:ident: $type:ty),*) $chinese:literal $english:literal) => {
        pub(crate) fn $name(self, $($about: $type),*) -> String {
            match self {
                Self::Chinese => format!($chinese),
                Self::English => format!($english),
            }
        }
    };
    ($($name:ident $(($($about:ident: $type:ty),*))? $chinese:literal $english:literal;)*) => {
        impl crate::language::Language {
            $(crate::words::words!(@one $name $(($($about: $type),*))? $chinese $english);)*
        }
    };
}

pub(crate) use privacy::Seen;
pub(crate) use words;
