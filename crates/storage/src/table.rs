//! The two words the table files are written with: a row with its private entity, and a state stored as text.

/// Declares a public row and, in a private module beside it, the sea-orm entity of its table.
macro_rules! table {
    (
        $(#[$doc:meta])*
        $seen:vis $row:ident = $name:literal in $module:ident {
            key { $( $(#[$key_doc:meta])* $key:ident : $key_ty:ident $(<$key_inner:ident>)? ),+ $(,)? }
            $( $(#[$field_doc:meta])* $field:ident : $ty:ident $(<$inner:ident>)? ),* $(,)?
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        $seen struct $row {
            $( $(#[$key_doc])* pub $key: $key_ty $(<$key_inner>)?, )+
            $( $(#[$field_doc])* pub $field: $ty $(<$inner>)?, )*
        }

        mod $module {
            use super::*;
            use sea_orm::{ActiveValue::Set, entity::prelude::*};

            #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
            #[sea_orm(table_name = $name)]
            pub struct Model {
                $( #[sea_orm(primary_key, auto_increment = false)]
                   pub $key: $key_ty $(<$key_inner>)?, )+
                $( pub $field: $ty $(<$inner>)?, )*
            }

            #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
            pub enum Relation {}

            impl ActiveModelBehavior for ActiveModel {}

            impl From<Model> for $row {
                fn from(model: Model) -> Self {
                    Self { $( $key: model.$key, )+ $( $field: model.$field, )* }
                }
            }

            impl From<$row> for ActiveModel {
                fn from(row: $row) -> Self {
                    Self { $( $key: Set(row.$key), )+ $( $field: Set(row.$field), )* }
                }
            }
        }

        impl $crate::rows::Stored for $row {
            type Entity = $module::Entity;
            type Active = $module::ActiveModel;
        }
    };
}

/// Declares a state that is stored under a fixed text.
macro_rules! stored_state {
    (
        $(#[$doc:meta])*
        $seen:vis $name:ident { $( $(#[$variant_doc:meta])* $variant:ident = $code:literal ),+ $(,)? }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, sea_orm::DeriveValueType)]
        #[sea_orm(value_type = "String")]
        $seen enum $name {
            $( $(#[$variant_doc])* $variant, )+
        }

        impl $name {
            /// The stored text.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $( Self::$variant => $code, )+ }
            }

            /// The state stored under this text.
            #[must_use]
            pub fn from_code(code: &str) -> Option<Self> {
                match code { $( $code => Some(Self::$variant), )+ _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.code())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::error::UnknownCode;

            fn from_str(code: &str) -> Result<Self, Self::Err> {
                Self::from_code(code).ok_or($crate::error::UnknownCode)
            }
        }
    };
}
