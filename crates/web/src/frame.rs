//! What surrounds the content of a page, one frame per face.

use crate::{asset, icon, language::Language, markup::Svg};

/// Size of the text on citizen pages 字号.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TextSize {
    /// 标准.
    #[default]
    Normal,
    /// 大字, 125 %.
    Large,
    /// 特大, 168 %.
    ExtraLarge,
}

impl TextSize {
    /// All sizes, smallest first.
    pub const ALL: [Self; 3] = [Self::Normal, Self::Large, Self::ExtraLarge];

    /// The value kept in the cookie and posted by the switch.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Normal => 0,
            Self::Large => 1,
            Self::ExtraLarge => 2,
        }
    }

    /// The size with this code; anything else is the normal size.
    #[must_use]
    pub fn from_code(code: &str) -> Self {
        match code {
            "1" => Self::Large,
            "2" => Self::ExtraLarge,
            _ => Self::Normal,
        }
    }
}

/// The city and the office that run the evaluation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Host {
    /// Name of the city.
    pub city: String,
    /// Who runs the evaluation.
    pub office: String,
    /// True when everything shown is invented.
    pub demonstration: bool,
}

/// Frame of the citizen pages.
#[derive(Clone, Debug)]
pub struct CitizenFrame {
    /// Title of the browser window, without the name of the site.
    pub title: String,
    /// Who asks.
    pub host: Host,
    /// Title of the round under the name, or another second line.
    pub line: String,
    /// Text size chosen.
    pub size: TextSize,
    /// Language chosen.
    pub language: Language,
    /// Path the switches of size and language return to.
    pub here: String,
}

impl CitizenFrame {
    pub(crate) fn css(&self) -> &'static str {
        asset::citizen_css()
    }

    pub(crate) fn js(&self) -> &'static str {
        asset::citizen_js()
    }

    pub(crate) fn mark(&self) -> Svg {
        icon::mark(36)
    }

    pub(crate) fn ripple(&self) -> Svg {
        icon::ripple("top__rip", 200, 6)
    }

    /// The switch: code, words, whether it is the size shown.
    pub(crate) fn sizes(&self) -> [(u8, &'static str, bool); 3] {
        TextSize::ALL.map(|size| (size.code(), self.language.size(size), size == self.size))
    }

    pub(crate) fn brand(&self) -> Svg {
        let words = self.language.brand(&self.host.city);
        self.language.said(&words)
    }

    pub(crate) fn hosted_by(&self) -> Svg {
        let words = self.language.hosted_by(&self.host.office);
        self.language.said(&words)
    }

    /// The address of this page in the other language.
    pub(crate) fn other_language(&self) -> String {
        format!("{}{}", self.language.other().entrance(), self.here)
    }

    /// The name of the other language, in itself.
    pub(crate) const fn other_name(&self) -> &'static str {
        match self.language {
            Language::Chinese => "English",
            Language::English => "中文",
        }
    }
}

/// A place in the main navigation of the portal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PortalPlace {
    /// 季度结果.
    Results,
    /// 整改公开.
    Matters,
    /// 评价方法.
    Method,
    /// 数据下载.
    Downloads,
    /// 核验.
    Verify,
    /// A page outside the main navigation.
    Elsewhere,
}

/// Frame of the public portal.
#[derive(Clone, Debug)]
pub struct PortalFrame {
    /// Title of the browser window, without the name of the site.
    pub title: String,
    /// Who publishes.
    pub host: Host,
    /// The current place of the navigation.
    pub place: PortalPlace,
    /// Round of the links, where the page belongs to one.
    pub round: Option<String>,
}

/// One link of a navigation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Address.
    pub href: String,
    /// Words.
    pub label: String,
    /// Whether it leads to the page shown.
    pub current: bool,
}

impl PortalFrame {
    pub(crate) fn css(&self) -> &'static str {
        asset::portal_css()
    }

    pub(crate) fn mark(&self) -> Svg {
        icon::mark(38)
    }

    pub(crate) fn hero_ripple(&self) -> Svg {
        icon::ripple("hero__rip", 620, 9)
    }

    pub(crate) fn links(&self) -> Vec<Link> {
        let of_round = |page: &str| match &self.round {
            Some(round) => format!("/r/{round}{page}"),
            None => "/".to_owned(),
        };
        let link = |href: String, label: &str, place| Link {
            href,
            label: label.to_owned(),
            current: self.place == place,
        };
        let mut links = vec![link(of_round(""), "季度结果", PortalPlace::Results)];
        if self.round.is_some() {
            links.push(link(of_round("/matters"), "整改公开", PortalPlace::Matters));
        }
        links.push(link("/method".to_owned(), "评价方法", PortalPlace::Method));
        if self.round.is_some() {
            links.push(link(
                of_round("/downloads"),
                "数据下载",
                PortalPlace::Downloads,
            ));
        }
        links.push(link("/verify".to_owned(), "核验", PortalPlace::Verify));
        links.push(Link {
            href: "/my".to_owned(),
            label: "我的反馈".to_owned(),
            current: false,
        });
        links
    }
}

/// The workplace everybody has.
pub(crate) const OWN_ACCOUNT: &str = "我的账号";

/// Frame of a workplace.
#[derive(Clone, Debug)]
pub struct ConsoleFrame {
    /// Title of the browser window, without the name of the site.
    pub title: String,
    /// Heading of the page.
    pub heading: String,
    /// Which workplace, for example `部门工作台`.
    pub workplace: &'static str,
    /// Heading over the navigation, for example the unit.
    pub owner: String,
    /// Main navigation.
    pub nav: Vec<NavLink>,
    /// Who is signed in.
    pub name: String,
    /// The role of who is signed in.
    pub role: &'static str,
    /// Round of the page.
    pub round: String,
    /// A sentence about what was just done, announced politely.
    pub done: Option<String>,
    /// True when everything shown is invented.
    pub demonstration: bool,
}

/// One link of a workplace's navigation.
#[derive(Clone, Debug)]
pub struct NavLink {
    /// Address.
    pub href: String,
    /// Words.
    pub label: &'static str,
    /// Drawing before the words.
    pub icon: icon::Icon,
    /// Things waiting behind it; none shows no number.
    pub count: Option<usize>,
    /// Whether it leads to the page shown.
    pub current: bool,
}

impl ConsoleFrame {
    pub(crate) fn css(&self) -> &'static str {
        asset::console_css()
    }

    pub(crate) fn js(&self) -> &'static str {
        asset::console_js()
    }

    pub(crate) fn mark(&self) -> Svg {
        icon::mark(34)
    }

    /// Whether the page is about the account of whoever is signed in.
    pub(crate) fn is_own_account(&self) -> bool {
        self.workplace == OWN_ACCOUNT
    }

    pub(crate) fn user(&self) -> Svg {
        icon::Icon::User.draw(24)
    }
}
