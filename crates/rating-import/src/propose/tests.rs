//! Headers of domain F.1 to F.4 and of the systems named there.

use super::*;

fn headers(text: &str) -> Vec<String> {
    text.split(',').map(str::to_owned).collect()
}

/// The most probable kind.
fn first(text: &str) -> KindProposal {
    propose_mappings(&headers(text)).remove(0)
}

fn of_kind(kind: FileKind, text: &str) -> KindProposal {
    let proposals = propose_mappings(&headers(text));
    proposals
        .into_iter()
        .find(|proposal| proposal.kind == kind)
        .unwrap()
}

fn used<'p>(proposal: &'p KindProposal, header: &str) -> &'p Use {
    &proposal
        .columns
        .iter()
        .find(|column| column.header == header)
        .unwrap()
        .used
}

/// Field, why, and rivals of a column that gives one.
fn field<'p>(proposal: &'p KindProposal, header: &str) -> (&'p str, String, &'p [String]) {
    match used(proposal, header) {
        Use::Field(given) | Use::Vault(given) => {
            (&given.field, given.likeness.label(), &given.rivals)
        }
        dropped => panic!("{header}: {dropped:?}"),
    }
}

const HALL: &str = "办件编号,事项名称,受理部门,经办人,收件时间,办结时间,评价渠道,整体满意度,评价标签,文字评价,评价时间,评价次数,证件号码,联系电话";
const ZHEJIANG: &str = "projectNo,taskCode,areaCode,deptCode,proDepart,proManager,acceptDate,affairDoneTime,pf,satisfaction,evalDetail,writingEvaluation,assessTime,assessNumber,userProp,certkeyGOV,contactPhone";
const HOTLINE: &str = "工单编号,来电时间,受理渠道,来电人,联系电话,工单类型,问题分类,事发地址,标题,诉求内容,承办单位,办理时限,结案时间,是否解决,处理结果满意度,承办单位满意度,话务员满意度,是否纳入考核";
const NINGGUO: &str = "序号,单位,派遣案件总数,12345热线/按时办结,12345热线/超时办结,12345热线/未办结,结案率,按时结案率,不满意数,不满意率";
const PANJIN: &str = "受理单位,交办总量,办结率,满意率,按时反馈率,有效回访率,知识库更新数,评分";
const SURVEY: &str = "问卷编号,抽样层,权数,被评单位,Q1 总体满意度,Q2 服务态度,Q3 办事效率,调查员";

#[test]
fn the_kind_of_each_file_is_proposed_first() {
    for (kind, text) in [
        (FileKind::HallRatings, HALL),
        (FileKind::HallRatings, ZHEJIANG),
        (FileKind::HallVolumes, "单位,办结量"),
        (FileKind::HotlineOrders, HOTLINE),
        (FileKind::HotlineSummary, NINGGUO),
        (FileKind::HotlineSummary, PANJIN),
        (
            FileKind::Pairing,
            "单位,社区（村）,评议人序号,等级,反映事项数,解决事项数",
        ),
        (
            FileKind::EnterpriseRatings,
            "企业名称,统一社会信用代码,单位,近12个月是否办事,总体评价,办事效率",
        ),
        (
            FileKind::EnterpriseList,
            "企业名称,统一社会信用代码,行业,规模,联系电话",
        ),
        (FileKind::Pool, "姓名,身份类别,单位职务,手机号,区县"),
        (FileKind::Survey, SURVEY),
    ] {
        let proposal = first(text);
        assert_eq!(
            (proposal.kind, &proposal.missing),
            (kind, &Vec::new()),
            "{text}"
        );
        assert!(
            (0.5..=1.0).contains(&proposal.score),
            "{text} {}",
            proposal.score
        );
        assert!(!proposal.unsure, "{text}");
    }
}

#[test]
fn a_column_says_why_it_gives_a_field() {
    let hall = first(HALL);

    assert_eq!(
        field(&hall, "办件编号"),
        ("case_no", "字面相同".to_owned(), [].as_slice())
    );
    assert_eq!(
        field(&hall, "收件时间"),
        ("accepted_at", "常用别名".to_owned(), [].as_slice())
    );
    let near = first("办件的编号,受理部门,整体满意度");
    assert_eq!(
        field(&near, "办件的编号"),
        ("case_no", "相近 0.80".to_owned(), [].as_slice())
    );
}

#[test]
fn a_field_is_given_once_and_columns_about_as_good_are_shown() {
    let hotline = first("工单编号,来电时间,受理时间,承办单位,区级承办单位,处理结果满意度");

    let (given, _, rivals) = field(&hotline, "来电时间");
    assert_eq!(
        (given, rivals),
        ("registered_at", ["受理时间".to_owned()].as_slice())
    );
    assert_eq!(
        used(&hotline, "受理时间"),
        &Use::Dropped(DropReason::Repeated)
    );
    assert_eq!(field(&hotline, "承办单位").2, ["区级承办单位"]);
}

#[test]
fn a_column_whose_field_is_taken_is_not_made_to_give_another() {
    let hall = of_kind(
        FileKind::HallRatings,
        "办件编号,部门,满意度,追评时间,追加评价时间",
    );

    assert_eq!(
        used(&hall, "追加评价时间"),
        &Use::Dropped(DropReason::Repeated)
    );
}

#[test]
fn a_column_about_as_like_two_fields_is_unsure() {
    let hall = of_kind(FileKind::HallRatings, "办件编号,部门,满意度,受结时间");

    let (given, _, rivals) = field(&hall, "受结时间");
    assert_eq!(
        (given, rivals),
        ("accepted_at", ["办结时间".to_owned()].as_slice())
    );
}

#[test]
fn personal_columns_are_dropped_or_go_to_the_vault() {
    let (hotline, pool) = (
        first(HOTLINE),
        first("姓名,身份类别,单位职务,手机号,区县,身份证号"),
    );

    for header in ["来电人", "联系电话", "事发地址", "话务员满意度"] {
        assert_eq!(
            used(&hotline, header),
            &Use::Dropped(DropReason::Personal),
            "{header}"
        );
    }
    for header in ["姓名", "手机号", "单位职务"] {
        assert!(matches!(used(&pool, header), Use::Vault(_)), "{header}");
    }
    assert!(matches!(used(&pool, "区县"), Use::Field(_)));
    assert_eq!(used(&pool, "身份证号"), &Use::Dropped(DropReason::Personal));
}

#[test]
fn nearness_never_takes_a_personal_column() {
    let orders = of_kind(FileKind::HotlineOrders, "工单号码,承办单位,联系人员");

    assert_eq!(
        used(&orders, "工单号码"),
        &Use::Dropped(DropReason::Personal)
    );
    assert_eq!(
        used(&orders, "联系人员"),
        &Use::Dropped(DropReason::Personal)
    );
}

#[test]
fn questions_of_a_survey_are_items() {
    let survey = first(SURVEY);

    assert_eq!(
        field(&survey, "Q2 服务态度"),
        ("item:Q2 服务态度", "像是题目".to_owned(), [].as_slice())
    );
    assert_eq!(
        used(&survey, "调查员"),
        &Use::Dropped(DropReason::NotNeeded)
    );
}

#[test]
fn a_foreign_export_is_read_as_far_as_it_is_known_and_what_misses_is_said() {
    let foreign = of_kind(
        FileKind::HallRatings,
        "Case no.,Departments,Satisfaction,Submitted,Comment",
    );

    assert_eq!(
        field(&foreign, "Departments"),
        ("unit", "相近 0.91".to_owned(), [].as_slice())
    );
    assert_eq!(field(&foreign, "Satisfaction").1, "常用别名");
    assert_eq!(foreign.missing, ["办件编号"]);
}

#[test]
fn a_file_of_no_kind_is_said_to_be_none() {
    assert!(
        propose_mappings(&headers("甲,乙,丙"))
            .iter()
            .all(|proposal| proposal.score == 0.0)
    );
    assert!(
        propose_mappings(&[])
            .iter()
            .all(|proposal| proposal.columns.is_empty())
    );
    let blank = first(",办件编号,,部门,满意度");
    assert_eq!(
        blank
            .columns
            .iter()
            .map(|column| column.column)
            .collect::<Vec<_>>(),
        [1, 3, 4]
    );
}

fn likely_header(text: &str, kind: FileKind) -> (u32, Vec<String>) {
    let limits = crate::Limits::default();
    let mut file = crate::SheetFile::of_bytes(text.as_bytes(), "a.csv", &limits).unwrap();
    let found = crate::gathered(|hand_on| parse_headers(&mut file, kind, hand_on)).unwrap();
    let row = &found.rows[0];
    (row.row, row.cells.clone())
}

#[test]
fn the_header_is_found_below_titles_even_when_no_importer_knows_it() {
    let orders =
        "云溪市热线,,\n制表：某某,,\n流水编码,承办机构,群众评价情况\n001,D01,满意\n002,D02,满意\n";

    let (row, cells) = likely_header(orders, FileKind::HotlineOrders);

    assert_eq!(row, 3);
    assert_eq!(cells, ["流水编码", "承办机构", "群众评价情况"]);
    let (row, cells) = likely_header("甲\n甲,乙,丙\n1,2,3\n", FileKind::HotlineOrders);
    assert_eq!((row, cells.len()), (2, 3));
    let header = "流水,12345工单编号\n001,甲,林小满,13900000001,说得很长\n";
    assert_eq!(likely_header(header, FileKind::HotlineOrders).0, 1);
}

#[test]
fn rows_of_data_are_never_shown_as_a_header() {
    let text = "YX0001,林小满,13900000001,满意\nYX0002,周小雨,13900000002,满意\n";
    let limits = crate::Limits::default();
    let mut file = crate::SheetFile::of_bytes(text.as_bytes(), "a.csv", &limits).unwrap();

    let found =
        crate::gathered(|hand_on| parse_headers(&mut file, FileKind::HotlineOrders, hand_on));

    assert_eq!(found.unwrap().rows, []);
}

#[test]
fn what_a_person_says_of_a_header_goes_before_what_is_usual() {
    let fields = FileKind::HotlineOrders.fields();
    let told = crate::header::told(
        &fields,
        &[
            ("满意度", ""),
            ("回访评价", "sat_result"),
            ("来电人姓名", "title"),
        ]
        .map(|(header, key)| (header.to_owned(), key.to_owned()))
        .into(),
    );
    let aliases = |key: &str| {
        let field = told.iter().find(|field| field.key == key).unwrap();
        field.aliases.clone()
    };

    assert_eq!(aliases("sat_result")[0], "回访评价");
    assert!(!aliases("title").contains(&"来电人姓名".to_owned()));
    assert!(
        told.iter()
            .all(|field| !field.aliases.contains(&"满意度".to_owned()))
    );
    assert_eq!(aliases("order_no"), fields[0].aliases);
}
