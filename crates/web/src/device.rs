//! What kind of browser it is, in words: enough to tell one's own devices apart, and nothing that leads to one.

use actix_web::{HttpRequest, http::header};

/// Browsers by what they say of themselves, the most particular first: many also name those after them.
const BROWSERS: [(&str, &str); 10] = [
    ("MicroMessenger", "微信"),
    ("DingTalk", "钉钉"),
    ("QQBrowser", "QQ 浏览器"),
    ("360SE", "360 浏览器"),
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("HuaweiBrowser", "华为浏览器"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
];

const MACHINES: [(&str, &str); 7] = [
    ("iPhone", "苹果手机"),
    ("iPad", "苹果平板"),
    ("Android", "安卓手机"),
    ("HarmonyOS", "鸿蒙手机"),
    ("Windows", "Windows 电脑"),
    ("Mac OS", "苹果电脑"),
    ("Linux", "Linux 电脑"),
];

/// Machine and browser, as `Windows 电脑上的 Edge`.
#[must_use]
pub fn device(request: &HttpRequest) -> String {
    let agent = request.headers().get(header::USER_AGENT);
    named(
        agent
            .and_then(|agent| agent.to_str().ok())
            .unwrap_or_default(),
    )
}

fn named(agent: &str) -> String {
    let of = |kinds: &[(&str, &'static str)], other| {
        let found = kinds.iter().find(|(sign, _)| agent.contains(sign));
        found.map_or(other, |(_, words)| *words)
    };
    format!(
        "{}上的 {}",
        of(&MACHINES, "其他设备"),
        of(&BROWSERS, "其他浏览器")
    )
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn a_browser_is_named_by_kind_and_nothing_else_is_kept() {
        let cases = [
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/131.0.0.0 Safari/537.36 Edg/131.0.2903.51",
                "Windows 电脑上的 Edge",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Mobile/15E148 Safari/604.1",
                "苹果手机上的 Safari",
            ),
            (
                "Mozilla/5.0 (Linux; Android 14; SM-9280) AppleWebKit/537.36 Chrome/116.0 Mobile MicroMessenger/8.0.49",
                "安卓手机上的 微信",
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0",
                "Linux 电脑上的 Firefox",
            ),
            ("<script>10.1.2.3</script>", "其他设备上的 其他浏览器"),
            ("", "其他设备上的 其他浏览器"),
        ];
        for (agent, words) in cases {
            assert_eq!(named(agent), words);
        }
    }
}
