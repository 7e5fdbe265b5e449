use super::*;
use proptest::prelude::*;

fn check(text: &str, expected: &str) {
    let redacted = redact(text);
    assert_eq!(redacted.text, expected, "{text}");
    assert_eq!(redacted.masked > 0, text != expected, "{text}");
    assert_eq!(
        redact(&redacted.text),
        Redacted {
            masked: 0,
            ..redacted
        },
        "redacting again changes nothing"
    );
}

#[test]
fn mobile_numbers_go_however_they_are_written() {
    for number in [
        "13912345678",
        "139 1234 5678",
        "139-1234-5678",
        "139 - 1234 - 5678",
        "1 3 9 1 2 3 4 5 6 7 8",
        "１３９１２３４５６７８",
        "１３９－１２３４－５６７８",
        "一三九一二三四五六七八",
        "幺三九幺二三四五六七八",
        "幺三九 一二三四 五六七八",
        "壹叁玖壹贰叁肆伍陆柒捌",
        "1三9一二34五六7八",
        "①③⑨①②③④⑤⑥⑦⑧",
        "139\u{200b}1234\u{feff}5678",
        "1\u{200d}3\u{2060}9.1234.5678",
        "139·1234·5678",
        "（139）12345678",
        "8613912345678",
        "+86 139 1234 5678",
        "008613912345678",
        "013912345678",
    ] {
        let text = format!("请打{number}找我");
        let redacted = redact(&text);
        assert!(
            redacted.text.contains("【电话】"),
            "{text} → {}",
            redacted.text
        );
        assert!(
            !redacted.text.contains(['9', '９', '九', '玖', '⑨']),
            "{}",
            redacted.text
        );
        assert_eq!(redacted.masked, 1, "{text}");
    }
}

#[test]
fn several_numbers_are_all_found() {
    check("13912345678/13812345678", "【电话】/【电话】");
    check("13912345678 13812345678", "【电话】 【电话】");
    check("1391234567813812345678", "【电话】");
    check("第三13912345678三次", "第三【电话】三次");
}

#[test]
fn landlines_go_with_area_code_or_where_a_telephone_is_meant() {
    check("0579-82345678", "【电话】");
    check("（0579）82345678找我", "（【电话】找我");
    check("０５７９－８２３４５６７", "【电话】");
    check("010 6234 5678", "【电话】");
    check("02187654321", "【电话】");
    check("联系电话：82345678", "联系电话：【电话】");
    check("一共82345678元", "一共82345678元");
}

#[test]
fn identity_numbers_go_with_digit_or_cross_at_the_end() {
    check("证号330702199001011234。", "证号【证件号】。");
    check("33070219900101123X", "【证件号】");
    check("33070219900101123x在此", "【证件号】在此");
    check("330702 19900101 123Ｘ", "【证件号】");
    check("３３０７０２１９９００１０１１２３４", "【证件号】");
    check("身份证330702900101123", "身份证【证件号】");
}

#[test]
fn bank_cards_go() {
    check("6222021234567890123", "【银行卡号】");
    check("6222 0212 3456 7890 123", "【银行卡号】");
    check("卡号 4000 1234 5678 9012", "卡号 【银行卡号】");
    check("4111111111111111", "【银行卡号】");
}

#[test]
fn plates_go() {
    check("浙A·12345乱停", "【车牌】乱停");
    check("浙A12345", "【车牌】");
    check("浙Ａ・１２３４５", "【车牌】");
    check("浙GD12345停在门口", "【车牌】停在门口");
    check("浙 g 1 2 3 4 5", "【车牌】");
}

#[test]
fn mail_addresses_and_messenger_accounts_go() {
    check("写信到zhang.san_01@example.com。", "写信到【邮箱】。");
    check("zhang＠example．com.cn", "【邮箱】");
    check("13912345678@163.com", "【邮箱】");
    check("加微信：zhang_1990", "加微信：【账号】");
    check("QQ 123456789", "QQ 【账号】");
}

#[test]
fn names_found_by_pattern_become_the_surname_and_mou() {
    check("我叫张三，住在这里", "我叫张某，住在这里");
    check("我叫张三丰", "我叫张某");
    check("联系人：李小明", "联系人：李某");
    check("窗口姓王的态度不好", "窗口王某态度不好");
    check("我姓王，来问问", "我王某，来问问");
    check("王女士说可以", "王某说可以");
    check("找到李小明先生", "找到李某");
    check("欧阳先生来了", "欧阳某来了");
    check("找李建国科长", "找李某科长");
    check("我叫周鱼家", "我叫周某");
    check("投诉人：应采儿", "投诉人：应某");
    check("我叫李有才", "我叫李某");
}

#[test]
fn names_in_disguise_are_names() {
    check("我\u{200b}叫\u{200b}张\u{200b}三", "我叫张某");
}

#[test]
fn what_is_nobodys_number_stays_as_written() {
    for text in [
        "等了71分钟",
        "2026年3月5日",
        "2026-03-05 13:20",
        "拨打12345热线",
        "12345、110、96333",
        "二〇二六年三月五日",
        "第一三五七条",
        "一共13,812,345,678元",
        "1、3、5、6、7、8、9、10、11号楼",
        "工单号20260305123456",
        "GD202603050012345",
        "浙江省3月15日",
        "办了3次，跑了1 3 趟",
        "400-800-1234",
        "老百姓张口就问",
        "王科长很负责",
        "对方先生不在",
        "一三五上班，二四六休息",
        "许多老师说班主任和项目经理不在",
        "当事人应当到场，举报人单位",
        "夜班医生来得很慢，只好跟着班主任老师去",
        "公司有4个法人单位，已查封45户业主房产；",
        "垃圾站离居民楼只有15米",
        "我是高中生，家长应该去，本人方便的时候再来",
        "我是温州人，本人于今年3月申请",
        "卫生院院长和三个处长",
        "全年办件13912件，满意率98.76%",
        "文号云府办〔2026〕15号",
    ] {
        check(text, text);
    }
}

#[test]
fn invisible_characters_go_and_nothing_else() {
    let redacted = redact("态\u{200b}度\u{feff}好\n谢谢");

    assert_eq!(redacted.text, "态度好\n谢谢");
    assert_eq!(redacted.masked, 0);
}

/// One digit in one of its spellings.
fn spell(digit: u8, way: u8) -> char {
    const SPELT: [[char; 4]; 10] = [
        ['0', '０', '〇', '零'],
        ['1', '１', '一', '幺'],
        ['2', '２', '二', '贰'],
        ['3', '３', '三', '叁'],
        ['4', '４', '四', '肆'],
        ['5', '５', '五', '⑤'],
        ['6', '６', '六', '陆'],
        ['7', '７', '七', '柒'],
        ['8', '８', '八', '捌'],
        ['9', '９', '九', '玖'],
    ];
    SPELT[usize::from(digit)][usize::from(way % 4)]
}

proptest! {
    #[test]
    fn a_mobile_number_in_any_spelling_and_spacing_is_masked_whole(
        second in 3_u8..=9,
        rest in proptest::collection::vec(0_u8..10, 9),
        ways in proptest::collection::vec(0_u8..4, 11),
        gaps in proptest::collection::vec(prop_oneof![
            6 => Just(""), 1 => Just(" "), 1 => Just("-"), 1 => Just("　"), 1 => Just("－"), 1 => Just("\u{200b}"),
            1 => Just(" - "), 1 => Just("."),
        ], 10),
        before in "[我是的请拨打找，。 ]{0,6}",
        after in "[我是的请拨打找，。]{0,6}",
    ) {
        let digits: Vec<u8> = [1, second].into_iter().chain(rest).collect();
        let mut number = String::new();
        for (index, digit) in digits.iter().enumerate() {
            number.push(spell(*digit, ways[index]));
            number.push_str(gaps.get(index).unwrap_or(&""));
        }

        let redacted = redact(&format!("{before}{number}{after}"));

        prop_assert_eq!(redacted.text, format!("{before}【电话】{after}"), "{}", number);
        prop_assert_eq!(redacted.masked, 1);
    }

    #[test]
    fn any_text_is_redacted_without_fail_and_only_once(text in "[\\PC]{0,40}|[0-9一三九幺Xx@.·A-Z浙我叫张三姓王的女士先生科长 -]{0,40}") {
        let once = redact(&text);
        let again = redact(&once.text);

        prop_assert!(!has_plain_mobile(&once.text), "{}", once.text);
        prop_assert_eq!(again, Redacted { masked: 0, ..once });
    }

    #[test]
    fn a_text_of_words_alone_stays(text in "[的了在办事大厅窗口服务态度流材料间]{0,40}") {
        prop_assert_eq!(redact(&text), Redacted { text, masked: 0 });
    }
}

fn has_plain_mobile(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    chars
        .split(|c| !c.is_ascii_digit())
        .any(|stretch| stretch.len() == 11 && stretch[0] == '1' && stretch[1] >= '3')
}

#[test]
fn a_reviewer_covers_what_no_pattern_finds() {
    let text = redact("东门那家唯一的修表铺，修表铺老板说的");

    let covered = cover(&text, &["修表铺", "东门"]).unwrap();

    assert_eq!(covered.text, "【已遮】那家唯一的【已遮】，【已遮】老板说的");
    assert_eq!(covered.masked, 3);
    assert_eq!(cover(&text, &["西门"]), Err("西门"));
    assert_eq!(cover(&text, &[""]), Err(""));
}
