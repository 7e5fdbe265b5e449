//! What is said of each problem, in both languages.

use super::Problem;

/// What is said of a problem: status, code, title and what to do, Chinese and English.
pub(in crate::api::push) struct Said {
    pub status: u16,
    pub code: &'static str,
    pub title: [&'static str; 2],
    pub detail: [&'static str; 2],
}

const fn said(
    (status, code): (u16, &'static str),
    title: [&'static str; 2],
    detail: [&'static str; 2],
) -> Said {
    Said {
        status,
        code,
        title,
        detail,
    }
}

impl Problem {
    #[expect(
        clippy::too_many_lines,
        reason = "one problem per arm, in the order of the codes"
    )]
    pub(in crate::api::push) const fn said(&self) -> Said {
        match self {
            Self::NoKey => said(
                (401, "PU-101"),
                ["密钥不能用", "The key does not count"],
                [
                    "请在 Authorization 里写“Bearer ”和密钥；密钥停用或遗失的，请评价办负责人另发一个。",
                    "Send “Authorization: Bearer ” and the key. A key that was ended or lost is replaced by the head of the evaluation office.",
                ],
            ),
            Self::WrongKind => said(
                (403, "PU-102"),
                [
                    "这个密钥不收这类数据",
                    "The key is for another kind of rows",
                ],
                [
                    "好差评推送到 /api/v1/ratings，热线工单推送到 /api/v1/orders；一个密钥只能推送一类。",
                    "Ratings go to /api/v1/ratings and orders to /api/v1/orders; a key is for one of the two.",
                ],
            ),
            Self::RoundUnknown => said(
                (404, "PU-103"),
                ["没有这一轮评价", "There is no such round"],
                [
                    "请核对 round，写轮次编号，例如 2026Q3。",
                    "Check “round”: it is the code of a round such as 2026Q3.",
                ],
            ),
            Self::RoundFrozen => said(
                (409, "PU-104"),
                ["这一轮的得分已经固化", "The round is frozen"],
                [
                    "这一轮不再收数据；请推送到下一轮。",
                    "It takes no more rows. Send them for the next round.",
                ],
            ),
            Self::StillRunning => said(
                (409, "PU-105"),
                ["同一请求正在处理", "The same request is being answered"],
                [
                    "请稍等，再用同一个 Idempotency-Key 取结果。",
                    "Wait a moment and ask again with the same Idempotency-Key.",
                ],
            ),
            Self::OtherBody => said(
                (422, "PU-106"),
                [
                    "这个 Idempotency-Key 用过了，内容不同",
                    "The Idempotency-Key was used for another body",
                ],
                [
                    "新的内容请换一个 Idempotency-Key。",
                    "Give new rows a new Idempotency-Key.",
                ],
            ),
            Self::NoIdempotencyKey => said(
                (400, "PU-107"),
                ["缺少 Idempotency-Key", "An Idempotency-Key is missing"],
                [
                    "请为每次推送写一个不同的 Idempotency-Key：1 到 64 个可见 ASCII 字符。重发时不要换。",
                    "Name every request with an Idempotency-Key of 1 to 64 visible ASCII characters, and keep it when you send again.",
                ],
            ),
            Self::NotJson => said(
                (400, "PU-108"),
                ["请求体不是 JSON", "The body is no JSON"],
                ["请用 UTF-8 编码的 JSON 重发。", "Send JSON in UTF-8."],
            ),
            Self::NotAsDocumented { .. } => said(
                (422, "PU-109"),
                ["请求体和接口说明不符", "The body is not as documented"],
                [
                    "请求体只有 round、dry_run、rows 三项；rows 是由对象组成的列表。",
                    "The body has round, dry_run and rows only; rows is a list of objects.",
                ],
            ),
            Self::Rows(_) => said(
                (422, "PU-110"),
                ["rows 不能当作表格", "The rows are no table"],
                [
                    "每次 1 到 1000 行，每行至少一个值；值是文字、数、布尔或 null。",
                    "Send 1 to 1000 rows with at least one value each; a value is text, a number, a boolean or null.",
                ],
            ),
            Self::Table(_) => said(
                (422, "PU-111"),
                ["这些行不能当作这类数据", "The rows are not of this kind"],
                [
                    "请按 code 所说的规则改正，规则和导入文件相同。",
                    "Mend what the code says; the rules are those of imported files.",
                ],
            ),
            Self::TooLarge => said(
                (413, "PU-112"),
                ["请求体超过 1 MB", "The body is larger than 1 MB"],
                ["请分几次推送。", "Send fewer rows at once."],
            ),
            Self::MediaType => said(
                (415, "PU-113"),
                ["请求体的格式不收", "The body has another format"],
                [
                    "请写 Content-Type: application/json，不要压缩。",
                    "Send Content-Type: application/json, not compressed.",
                ],
            ),
            Self::TooSlow => said(
                (408, "PU-114"),
                [
                    "请求体没有在 30 秒内传完",
                    "The body did not arrive within 30 seconds",
                ],
                [
                    "请用同一个 Idempotency-Key 重发。",
                    "Send it again with the same Idempotency-Key.",
                ],
            ),
            Self::TooMany(_) => said(
                (429, "PU-115"),
                ["推送得太频繁", "Too many requests"],
                [
                    "请按 Retry-After 所说的秒数等待后重发；可以把多行并成一次。",
                    "Wait as many seconds as Retry-After says, then send again; put more rows into one request.",
                ],
            ),
            Self::Unavailable => said(
                (503, "PU-116"),
                ["现在不能写入", "Nothing can be saved now"],
                [
                    "什么都没有写入。请过几分钟用同一个 Idempotency-Key 重发。",
                    "Nothing was written. Send it again with the same Idempotency-Key in a few minutes.",
                ],
            ),
            Self::Failed => said(
                (500, "PU-117"),
                ["系统出错了", "Something failed here"],
                [
                    "什么都没有写入，我们已经记下。请过一会儿用同一个 Idempotency-Key 重发。",
                    "Nothing was written, and we have noted it. Send it again with the same Idempotency-Key later.",
                ],
            ),
        }
    }
}
