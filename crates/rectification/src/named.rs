//! One way to give the words of a closed list their stored names and their official labels.

macro_rules! named {
    ($(#[$doc:meta])* $name:ident { $($(#[$word_doc:meta])* $word:ident = $code:literal, $label:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name {
            $($(#[$word_doc])* $word,)+
        }

        impl $name {
            /// All of them in the fixed order.
            pub const ALL: &'static [Self] = &[$(Self::$word,)+];

            /// The stored and exchanged name.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$word => $code,)+
                }
            }

            /// The one with this stored name.
            #[must_use]
            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|word| word.code() == code)
            }

            /// The official label in Chinese.
            #[must_use]
            pub const fn label(self) -> &'static str {
                match self {
                    $(Self::$word => $label,)+
                }
            }
        }
    };
}

pub(crate) use named;
