"""Supply meets demand: exactly, within every capacity, in any order of rows, never two buyers."""

import itertools
import json
import os

import jsonschema
import numpy as np
import openpyxl
import pandas as pd
import pytest
from builders import sector_layer
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from parkmap import io, matching, messages, report, schema, sector
from parkmap.cli import main
from parkmap.matching import cuts
from parkmap.matching.assignment import Pairs, best_pairs, whole_pairs

PARKS = sector_layer(
    ["偏光片", "IC封测", "医药", "偏光片、显示面板"], district=["东区", "西区", "东区", "北区"]
)
SHARES = sector.sector_shares(PARKS)


def rows(kind, *made):
    table = [
        {**schema.LIST_COLUMNS, "list": kind, "row": i, **row} for i, row in enumerate(made, 1)
    ]
    return pd.DataFrame(table, index=[row["item_id"] for row in table])


def buy(key, wan=float("nan"), **more):
    base = {"item_id": key, "title": key, "party": f"{key}局", "segment": "偏光片"}
    return {
        **base,
        "category": "government_demand",
        "amount_cny": wan * 1e4,
        "basis": "purchase",
        **more,
    }


def sell(key, wan=float("nan"), **more):
    base = {"item_id": key, "content": key, "party": f"{key}公司", "segment": "偏光片"}
    return {**base, "need": "selling", "amount_cny": wan * 1e4, **more}


def match(left=(), right=(), companies=(), **options):
    lists = {"opportunities": rows("opportunities", *left), "demands": rows("demands", *right)}
    if companies:
        lists["companies"] = rows("companies", *companies)
    return matching.match_lists(
        PARKS, SHARES, {k: v for k, v in lists.items() if len(v)}, **options
    )


def taken(found):
    return sorted((link.left, link.right) for link in found.partners)


@st.composite
def instances(draw):
    lefts, rights = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    cells = list(itertools.product(range(lefts), range(rights)))
    cells = draw(st.lists(st.sampled_from(cells), unique=True, min_size=1, max_size=9))
    left, right = map(np.array, zip(*cells, strict=True))
    score = np.array(draw(st.lists(st.integers(1, 100), min_size=len(cells), max_size=len(cells))))
    most = [
        np.array(draw(st.lists(st.integers(1, 12), min_size=n, max_size=n)))
        for n in (lefts, rights)
    ]
    use = np.minimum(most[0][left], most[1][right])
    whole = np.array(draw(st.lists(st.booleans(), min_size=len(cells), max_size=len(cells))))
    uses = [np.where(whole, side[at], use) for side, at in ((most[0], left), (most[1], right))]
    return Pairs(left, right, score, *uses, *most)


def fits(pairs, chosen):
    sides = (
        (pairs.left, pairs.left_use, pairs.left_most),
        (pairs.right, pairs.right_use, pairs.right_most),
    )
    return all(
        np.bincount(side[chosen], use[chosen], minlength=len(most)).max(initial=0) <= most.max()
        and (np.bincount(side[chosen], use[chosen], minlength=len(most)) <= most).all()
        for side, use, most in sides
    )


@settings(max_examples=60, deadline=None)
@given(instances())
def test_the_choice_is_the_best_of_all_choices(pairs):
    chosen, gap = best_pairs(pairs)
    every = itertools.product([False, True], repeat=len(pairs.score))
    best = max(int(pairs.score[np.array(c)].sum()) for c in every if fits(pairs, np.array(c)))
    assert fits(pairs, chosen)
    assert int(pairs.score[chosen].sum()) == best
    assert gap == 0


@settings(max_examples=60, deadline=None)
@given(instances())
def test_pieces_and_cuts_come_to_the_same_total_as_all_choices(pairs):
    """As where there are many pairs: rounded, mended, and only what may still be better solved."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cuts, "_SMALL", 0)
        chosen, bound = cuts.best_within(pairs, seconds=20)
    every = itertools.product([False, True], repeat=len(pairs.score))
    best = max(int(pairs.score[np.array(c)].sum()) for c in every if fits(pairs, np.array(c)))
    assert fits(pairs, chosen)
    assert int(pairs.score[chosen].sum()) == best
    assert best <= bound + 1e-6 < best + 1


def crowd(seed, count=25):
    """Make a group in which all amounts bind and everyone could go with everyone."""
    made = np.random.default_rng(seed)
    most = [made.integers(1, 1000, count) for _ in range(2)]
    left, right = (side.ravel() for side in np.indices((count, count)))
    use = np.minimum(most[0][left], most[1][right])
    near = use / np.maximum(most[0][left], most[1][right])
    return Pairs(left, right, 60 + np.rint(20 * near).astype(int), use, use, *most)


def test_no_time_still_gives_a_choice_that_fits_and_an_honest_gap():
    pairs = crowd(1)
    chosen, gap = best_pairs(pairs, seconds=0.0)
    longer, _ = best_pairs(pairs, seconds=3.0)
    assert fits(pairs, chosen)
    assert fits(pairs, longer)
    totals = [int(pairs.score[some].sum()) for some in (chosen, longer)]
    assert totals[0] > 0.8 * totals[1]
    assert 0 < gap < 0.2
    assert totals[1] <= totals[0] / (1 - gap) + 1e-6


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 8), st.integers(1, 8), st.randoms(use_true_random=False))
def test_one_to_one_is_the_assignment_of_scipy(lefts, rights, random):
    cost = np.array([[random.randint(0, 100) for _ in range(rights)] for _ in range(lefts)])
    left, right = np.nonzero(cost)
    chosen, _ = best_pairs(whole_pairs(left, right, cost[left, right]))
    best = cost[linear_sum_assignment(cost, maximize=True)].sum()
    assert cost[left, right][chosen].sum() == best


def test_a_large_purchase_takes_several_sellers_up_to_its_amount():
    found = match([buy("J1", 10_000)], [sell("X1", 6000), sell("X2", 4000), sell("X3", 3000)])
    assert taken(found) == [("J1", "X1"), ("J1", "X2")]
    assert found.partner_misses["X3"].code == "outdone"


def test_two_buyers_are_never_paired_and_it_is_said():
    found = match([buy("J1", 100)], [sell("X1", 100, need="buying")])
    assert taken(found) == []
    assert found.partner_misses["X1"].code == "same_side"


def test_an_investment_is_not_compared_with_a_purchase():
    found = match([buy("J1", 500, basis="investment")], [sell("X1", 500), sell("X2", 400)])
    assert len(found.partners) == 1  # not compared: one with one
    assert found.partners[0].traded == 0
    with messages.use_language("zh"):
        assert "金额口径不同（投资额与合同额）" in matching.match_rows(found)[0]["reason"]


def test_chain_words_prove_nothing():
    coarse = {"chain": "新型显示", "segment": ""}
    found = match([buy("J1", **coarse)], [sell("X1", **coarse)])
    assert taken(found) == []
    assert found.partner_misses["J1"].code == "coarse"
    assert [link.left for link in found.places] == []


def test_a_supplier_goes_with_its_customer_only_that_way():
    panel, film = {"segment": "显示面板"}, {"segment": "偏光片"}
    assert taken(match([buy("J1", **panel)], [sell("X1", **film)])) == [("J1", "X1")]
    assert taken(match([buy("J1", **film)], [sell("X1", **panel)])) == []


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"need": "land"}, "same_side"), ({"need": "technology", "category": "supply"}, "object"),
        ({"party": "J1局"}, "self"), ({"until": "2026-01-01"}, "timing"),
        ({"radius_m": 1000.0, "area": "西区"}, "far"),
    ],
)  # fmt: skip
def test_what_keeps_two_apart_is_said(more, code):
    left = buy("J1", 100, mode="purchase", starts="2026-06-01", district="北区")
    found = match([left], [sell("X1", 100, **more)])
    assert taken(found) == []
    assert found.partner_misses["X1"].code == code


def test_expired_settled_and_repeated_rows_take_no_part_but_are_listed():
    left = [buy("J1", 5), buy("J2", 5, until="2026-01-01"), buy("J3", 5, status="signed")]
    right = [sell("X1", 5), sell("X2", 5, content="X1", party="X1公司")]
    found = match(left, right, date="2026-11-26")
    listed = {row["id"]: (row["state"], row["result"]) for row in matching.item_rows(found)}
    assert listed["J2"] == ("expired", "left_out")
    assert listed["J3"] == ("closed", "left_out")
    assert listed["X2"] == ("duplicate", "left_out")
    assert taken(found) == [("J1", "X1")]


amounts = st.sampled_from([float("nan"), 100.0, 200.0, 300.0, 700.0])
segments = st.sampled_from(["偏光片", "显示面板", "IC封测", "医药", "某某", ""])
sides = st.sampled_from(["government_demand", "enterprise_supply", ""])
sellers = st.sampled_from(["selling", "buying", "land", "scene", ""])
lefts = st.lists(st.tuples(amounts, segments, sides), max_size=6)
rights = st.lists(st.tuples(amounts, segments, sellers), max_size=6)


def lists_of(left, right):
    ours = [buy(f"J{i}", wan, segment=s, category=c) for i, (wan, s, c) in enumerate(left)]
    return ours, [sell(f"X{i}", wan, segment=s, need=n) for i, (wan, s, n) in enumerate(right)]


@settings(max_examples=40, deadline=None)
@given(lefts, rights, st.randoms(use_true_random=False))
def test_order_does_not_matter_and_no_one_is_used_beyond_what_it_has(left, right, random):
    ours, theirs = lists_of(left, right)
    found = match(ours, theirs)
    random.shuffle(ours)
    random.shuffle(theirs)
    again = match(ours, theirs)
    assert found.partners == again.partners
    assert found.places == again.places
    for key, item in found.items.items():
        mine = [link for link in found.partners if key in (link.left, link.right)]
        assert len(mine) <= 1 or sum(link.traded for link in mine) <= item.amount
        for link in mine:
            one, other = found.items[link.left], found.items[link.right]
            assert {one.side, other.side} == {"demand", "supply"}


@settings(max_examples=40, deadline=None)
@given(lefts, rights)
def test_more_rows_never_lower_the_total_and_every_row_is_accounted_for(left, right):
    ours, theirs = lists_of(left, right)
    fewer, more = match(ours[:-1], theirs), match(ours, theirs)
    totals = [sum(link.score for link in found.partners) for found in (fewer, more)]
    assert totals[0] <= totals[1]
    for table in matching.counts(more).values():
        assert table["rows"] == table["matched"] + table["unmatched"] + table["left_out"]
    for row in matching.item_rows(more):
        assert (row["result"] == "matched") == (row["why"] == "")
    by_basis = pd.DataFrame(matching.total_rows(more, "sector"), columns=["basis", "amount_cny"])
    used = [i for i in more.items.values() if i.state == "open"]
    for basis in set(by_basis["basis"]):
        kept = sum(i.amount for i in used if (i.basis or "none") == basis)
        assert by_basis.loc[by_basis["basis"] == basis, "amount_cny"].sum() == kept


def test_companies_go_to_parks_and_no_park_takes_more_than_it_may():
    made = [{"item_id": f"C{i}", "party": f"{i}公司", "segment": "偏光片"} for i in range(5)]
    free, held = match(companies=made), match(companies=made, per_park=2)
    assert len(free.places) == 5
    assert sorted(link.right for link in held.places) == ["a", "a", "d", "d"]
    assert next(iter(held.park_misses.values())).code == "outdone"


HOSTILE = '=HYPERLINK("http://x")<script>\x1b[31m'


@pytest.fixture
def files(tmp_path):
    PARKS.assign(sectors=["、".join(terms) for terms in PARKS["sectors"]]).to_file(
        tmp_path / "p.gpkg"
    )
    head = [
        "机会编号",
        "机会名称",
        "供需类别",
        "产业链",
        "环节",
        "金额(万元)",
        "金额口径",
        "合作方式",
    ]
    book = openpyxl.Workbook()
    book.active.append(head)
    book.active.append(
        ["J1", "采购偏光片", "政府需求", "新型显示", "偏光片", 900, "采购额", "采购"]
    )
    book.active.append(
        ["J2", HOSTILE.replace("\x1b", ""), "政府供给", "医药", "", None, "未披露", ""]
    )
    book.save(tmp_path / "o.xlsx")
    content = f'需求编号,企业名称,需求,需求类别,产业链,环节,金额(万元)\n1,甲公司,偏光片,产品销售,新型显示,偏光片,300\n2,"{HOSTILE}",x,产品销售,食品,,5\n'
    content = content.replace('HYPERLINK("http://x")', "HYPERLINK(1)")
    (tmp_path / "d.csv").write_text(content, encoding="gbk")
    return tmp_path


def run(*words):
    with pytest.raises(SystemExit) as end:
        main(arguments=[str(word) for word in words])
    return end.value.code


def test_the_verb_writes_a_folder_and_the_same_bytes_again(files, capsys):
    words = [
        "match",
        files / "p.gpkg",
        "--opportunities",
        files / "o.xlsx",
        "--demands",
        files / "d.csv",
    ]
    for name in ("one", "two"):
        assert run(*words, "-o", files / name, "--date", "2026-11-26") == 0
    said = capsys.readouterr().err
    assert "内部资料" in said
    assert "\x1b" not in said
    written = "match.xlsx、match.json、matches.csv、parks.csv、unmatched.csv"
    assert f"已写出 {written} 到 {files / 'one'}" in said
    one, two = ({p.name: p.read_bytes() for p in (files / n).iterdir()} for n in ("one", "two"))
    assert one == two
    found = json.loads(one["match.json"])
    jsonschema.validate(found, report.json_schema("match"))
    assert [(m["opportunity"], m["demand"]) for m in found["matches"]] == [("J1", "XQ-1")]
    assert [row["id"] for row in found["unmatched"]] == ["J2", "XQ-2"]
    book = openpyxl.load_workbook(files / "one" / "match.xlsx")
    for page in book:
        assert "内部资料" in page["A2"].value
        assert not [cell for row in page.iter_rows() for cell in row if cell.data_type == "f"]
    assert not [
        line for line in one["unmatched.csv"].decode("utf-8-sig").splitlines() if ",=" in line
    ]
    assert run(*words, "-o", files / "one") == 2


def test_bad_input_is_one_line(files, capsys):
    assert run("match", files / "p.gpkg") == 2
    assert run("match", files / "p.gpkg", "--demands", files / "o.xlsx") == 2
    said = capsys.readouterr().err.splitlines()
    assert all(len(line) <= 200 for line in said)
    assert "没有指定清单" in said[0]
    assert "--template" in said[0]
    assert run("match", "--demands", files / "d.csv") == 2
    assert "没有指定园区图层" in capsys.readouterr().err


@pytest.mark.parametrize("lang", messages.LANGUAGES)
def test_templates_come_back_as_lists_without_their_example(tmp_path, lang):
    path = tmp_path / "t.xlsx"
    assert run("match", "--template", "-o", path, "--lang", lang) == 0
    for kind in schema.LISTS:
        table, problems = io.read_list(path, kind)
        assert table.empty
        assert problems.empty
    book = openpyxl.load_workbook(path)
    for page in book.worksheets[:3]:
        page["A4"] = 1
    book.save(path)
    for kind in schema.LISTS:
        table, problems = io.read_list(path, kind)
        assert len(table) == 1
        assert problems.empty


def test_a_stated_park_that_is_not_there_is_told_and_no_other():
    lists = {
        "opportunities": rows(
            "opportunities", buy("J1", park=PARKS["name"].iloc[0]), buy("J2", park="没有的园区")
        ),
        "demands": rows("demands", sell("X1", park="也没有", need="land")),
    }
    told = matching.stray_parks(PARKS, lists)
    assert told[["list", "row", "code"]].to_numpy().tolist() == [["opportunities", 2, "PM612"]]
    assert "没有的园区" in told["message"].iloc[0]


def test_what_the_solver_prints_leaves_standard_output_alone(capfd, monkeypatch):
    from scipy import optimize

    from parkmap import solver

    def loud(*_, **__):
        os.write(1, b"chatter")
        return "solved"

    monkeypatch.setattr(optimize, "milp", loud)
    assert solver.milp(np.ones(1)) == "solved"
    os.write(1, b"result")
    out, err = capfd.readouterr()
    assert (out, err) == ("result", "chatter")


@pytest.mark.parametrize("lang", messages.LANGUAGES)
def test_template_cells_offer_words_that_are_understood(tmp_path, lang):
    folder = tmp_path / "new"
    assert run("match", "--template", "-o", folder, "--lang", lang) == 0
    assert run("match", "--template", "-o", folder, "--lang", lang) == 2  # kept
    book = openpyxl.load_workbook(folder / "match_template.xlsx")
    assert book["options"].sheet_state == "hidden"
    for page in book.worksheets[:3]:
        rules = page.data_validations.dataValidation
        heads = {str(rule.sqref).split(":")[0].rstrip("0123456789"): rule for rule in rules}
        example = {cell.column_letter: cell.value for cell in page[4] if cell.value}
        for letter in heads.keys() & example.keys():
            area = heads[letter].formula1.partition("!")[2].replace("$", "")
            words = [cell.value for (cell,) in book["options"][area]]
            assert example[letter] in words
        assert any(cell.comment for cell in page[3])
    with messages.use_language(lang):
        for kind, columns in matching.templates._COLUMNS.items():
            assert len(columns) == len(messages.text(f"matching.columns.{kind}").split("|"))
            table, _ = io.read_list(folder / "match_template.xlsx", kind)
            assert table.empty


def test_totals_tell_whole_amounts_from_what_both_sides_allow():
    found = match([buy("J1", 10_000), buy("J2", 7, basis="investment")], [sell("X1", 6000)])
    rows_ = {(row["list"], row["basis"]): row for row in matching.total_rows(found, "sector")}
    whole = rows_["opportunities", "purchase"]
    assert (whole["amount_cny"], whole["matched_cny"], whole["traded_cny"]) == (1e8, 1e8, 6e7)
    assert rows_["demands", "contract"]["traded_cny"] == 6e7
    assert rows_["opportunities", "investment"]["traded_cny"] == 0


@pytest.mark.parametrize(
    ("left", "right", "said"),
    [
        (buy("J1"), sell("X1", 5), "机会未注明金额"), (buy("J1", 5), sell("X1"), "需求未注明金额"),
        (buy("J1"), sell("X1"), "双方未注明金额"), (buy("J1", 5, basis=""), sell("X1", 5), "机会未注明金额口径"),
    ],
)  # fmt: skip
def test_it_is_said_which_side_leaves_the_amount_out(left, right, said):
    found = match([left], [right])
    with messages.use_language("zh"):
        assert f"{said}\uff0c金额未作比较" in matching.match_rows(found)[0]["reason"]


def test_distances_between_parks_are_said_to_five_kilometres():
    found = match([buy("J1", 5, district="北区")], [sell("X1", 5, area="西区")])
    assert 5000 < found.partners[0].distance_m < 12000
    with messages.use_language("zh"):
        row = matching.match_rows(found)[0]
    assert "相距约10公里" in row["reason"]
    assert row["distance_m"] == 10_000


def test_the_table_has_one_unit_and_the_time_limit_is_heard(files, capsys):
    words = ["match", files / "p.gpkg", "--opportunities", files / "o.xlsx"]
    words += ["--demands", files / "d.csv", "-f", "table", "--time-limit", 0]
    assert run(*words) == 0
    out = capsys.readouterr().out
    assert "可对接金额\uff08万元\uff09" in out
    assert "300.00" in out
    assert "3000000" not in out


def test_a_folder_that_cannot_be_made_whole_is_not_begun(files, monkeypatch):
    from parkmap import sheets
    from parkmap.errors import OutputError

    def full(*_, **__):
        raise OutputError("disk full", remedy="free some")

    monkeypatch.setattr(sheets, "write_book", full)
    words = ["match", files / "p.gpkg", "--demands", files / "d.csv", "-o", files / "made"]
    assert run(*words) == 2
    assert not (files / "made").exists()


def test_a_chain_written_as_a_segment_is_known_and_a_segment_of_another_chain_is_told_so():
    made = [
        {"item_id": "C1", "party": "一公司", "chain": "新能源汽车", "segment": "动力电池"},
        {"item_id": "C2", "party": "二公司", "chain": "轨道交通", "segment": "偏光片"},
        {"item_id": "C3", "party": "三公司", "chain": "医药", "segment": "某某"},
    ]
    found = match(companies=made)
    assert "power-battery" in found.items["C1"].chains
    assert found.items["C1"].unread == found.items["C1"].astray == ()
    assert (found.items["C2"].unread, found.items["C2"].astray) == ((), ("偏光片",))
    assert found.items["C3"].unread == ("某某",)
    with messages.use_language("zh"):
        why = {row["id"]: row["why"] for row in matching.item_rows(found)}
    assert "未能识别" not in why["C1"]
    assert "“偏光片”属于其他产业链" in why["C2"]
    assert "“某某”未能识别" in why["C3"]
    assert "本项只写到产业链" in why["C3"]
    assert PARKS["name"].iloc[2] in why["C3"]


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.integers(0, 9), min_size=1, max_size=6),
    st.integers(0, 20), st.integers(0, 20), st.integers(1, 3),
)  # fmt: skip
def test_no_park_gives_more_ground_than_it_has_and_the_choice_is_the_best(needs, one, two, most):
    parks = PARKS.assign(**{"可供地面积(公顷)": [one, 0, 0, two]})
    made = [
        {"item_id": f"C{i}", "party": f"{i}公司", "segment": "偏光片", "land_m2": need * 1e4}
        for i, need in enumerate(needs)
    ]
    lists = {"companies": rows("companies", *made)}
    found = matching.match_lists(parks, SHARES, lists, per_park=most)
    scores = {"a": 70, "d": 65}  # 60, and up to 10 for the share: all, half
    has = {"a": one, "d": two}
    best = 0
    for plan in itertools.product(["", "a", "d"], repeat=len(needs)):
        used = {p: sum(n for n, at in zip(needs, plan, strict=True) if at == p) for p in has}
        if all(used[p] <= has[p] and plan.count(p) <= most for p in has):
            best = max(best, sum(scores[p] for p in plan if p))
    assert sum(link.score for link in found.places) == best
    for park, ground in has.items():
        taken_ = [needs[int(link.left[1:])] for link in found.places if link.right == park]
        assert sum(taken_) <= ground
        assert len(taken_) <= most


def test_one_list_alone_is_shown_with_its_parks(files, capsys):
    head = "企业名称,产业链,环节\n甲公司,新型显示,偏光片\n乙公司,集成电路,封测\n"
    (files / "c.csv").write_text(head, encoding="utf-8")
    words = ["match", files / "p.gpkg", "--companies", files / "c.csv"]
    assert run(*words, "-f", "csv") == 0
    made = capsys.readouterr().out
    assert made.lstrip("\ufeff").startswith("list,row,item,title,park,park_name,how,score,")
    assert len(made.splitlines()) == 3
    assert run(*words, "-f", "table") == 0
    said = capsys.readouterr().out
    assert "甲公司" in said
    assert PARKS["name"].iloc[1] in said
    assert run(*words, "-f", "json") == 0
    jsonschema.validate(json.loads(capsys.readouterr().out), report.json_schema("match"))


OLD = PARKS.assign(list_name=["历史名录", "", "", ""])


def company(key, **more):
    return {"item_id": key, "party": f"{key}公司", "segment": "偏光片", **more}


def matched_in(parks, **lists):
    made = {kind: rows(kind, *some) for kind, some in lists.items()}
    return matching.match_lists(parks, SHARES, made)


def test_a_park_of_an_old_list_is_proposed_to_nobody_though_the_list_states_it():
    found = matched_in(
        OLD, opportunities=[buy("J1", park="园区a"), buy("J2")], demands=[sell("X1", need="land")]
    )
    assert {row["park"] for row in matching.park_rows(found)} == {"d"}
    told = next(row["reason"] for row in matching.park_rows(found) if row["item"] == "J1")
    assert "清单注明的所属园区园区a属历史名录，不作推荐" in told


@pytest.mark.parametrize("stated", ["", "园区b"])
def test_a_row_stands_either_with_a_park_or_among_those_without(stated):
    found = matched_in(PARKS, opportunities=[buy("J1", park=stated)], demands=[buy("X1")])
    with_park = {row["item"] for row in matching.park_rows(found)}
    without = {row["id"] for row in matching.unmatched_rows(found)}
    assert not with_park & without
    assert with_park | without == {"J1", "X1"}
    assert ("J1" in without) == bool(stated)  # its own park is no proposal
    if stated:
        why = next(row["why"] for row in matching.unmatched_rows(found) if row["id"] == "J1")
        assert why.startswith("清单注明所属园区为园区b；")


def test_a_row_with_a_park_alone_is_told_why_it_has_no_partner():
    found = matched_in(PARKS, opportunities=[buy("J1")], demands=[buy("X1", need="buying")])
    row = matching.item_rows(found)[0]
    assert (row["result"], row["why"]) == ("matched", "")
    assert "同为需求方" in row["why_no_partner"]
    summary = matching.summary(found, schema.problems_table([]))
    assert any("有对接建议1条（其中仅有园区建议1条）" in line for line in summary)


@pytest.mark.parametrize(
    ("parks", "wish", "park", "said"),
    [
        (PARKS, "园区d", "d", "为清单所填适配园区"),
        (PARKS, "园区a、园区d", "a", "清单所填适配园区园区d也涉及同环节"),
        (PARKS, "园区b", "a", "清单所填适配园区园区b的主导产业未涉及该环节"),
        (OLD, "园区a", "d", "清单所填适配园区园区a属历史名录，不作推荐"),
    ],
)
def test_a_park_that_the_list_wishes_for_comes_first_or_it_is_said_why_not(parks, wish, park, said):
    found = matched_in(parks, companies=[company("Q1", fitting=wish)])
    (row,) = matching.park_rows(found)
    assert row["park"] == park
    assert said in row["reason"]


def test_a_wished_park_that_is_not_there_is_told():
    told = matching.stray_parks(
        PARKS, {"companies": rows("companies", company("Q1", fitting="园区a、没有的园区"))}
    )
    assert told[["row", "code"]].to_numpy().tolist() == [[1, "PM615"]]


def test_financing_is_no_investment_and_is_not_compared_or_added():
    money = buy("J1", 500, basis="investment", mode="investment", category="enterprise_supply")
    found = match([money], [sell("X1", 500, need="finance"), sell("X2", 50, basis="financing")])
    assert all(link.traded == 0 for link in found.partners)
    assert "金额口径不同（投资额与融资额），金额未作比较" in matching.match_rows(found)[0]["reason"]
    sums = {row["basis"]: row["amount_cny"] for row in matching.total_rows(found, "sector")}
    assert sums == {"investment": 5e6, "financing": 5.5e6}
