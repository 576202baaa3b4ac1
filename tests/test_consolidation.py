"""Plans: against every plan there is, and what no plan may do."""

import itertools
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from builders import METRIC, park_layer, square
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import parkmap as pm
from parkmap import consolidation, messages
from parkmap.consolidation import Rules
from parkmap.consolidation.candidates import candidates
from parkmap.consolidation.model import score_of, solve
from parkmap.consolidation.rules import resolved
from parkmap.consolidation.setting import setting_of
from parkmap.errors import InputError, OptionError

DATA = Path(__file__).parent.parent / "data"

SECTORS = ("中药饮片", "偏光片", "IC设计", "家具")
TIERS = ("national", "provincial", "municipal", "municipal", "municipal", "")
FEW = settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@st.composite
def layers(draw, most=6):
    """Parks that touch, overlap, repeat each other's trades and share a body now and then."""
    n = draw(st.integers(2, most))
    shapes, sectors, tiers, bodies, districts = {}, [], [], [], []
    for k in range(n):
        x, y = draw(st.integers(0, 6)) * 1500.0, draw(st.integers(0, 2)) * 800.0
        shapes[chr(97 + k)] = square(x, y, draw(st.sampled_from([900.0, 1500.0, 2500.0])))
        sectors.append(tuple(draw(st.lists(st.sampled_from(SECTORS), max_size=2, unique=True))))
        tiers.append(draw(st.sampled_from(TIERS)))
        bodies.append(draw(st.sampled_from(["", "", "甲管委会"])))
        districts.append(draw(st.sampled_from(["甲区", "乙区"])))
    columns = {"sectors": sectors, "tier": tiers, "managing_body": bodies, "district": districts}
    return park_layer(shapes, **columns)


@st.composite
def rule_sets(draw):
    """Rules that bind now and then."""
    return Rules(
        near_km=draw(st.sampled_from([0.0, 1.0, 5.0])),
        same_district=draw(st.booleans()),
        capacity_ha=draw(st.sampled_from([None, 200.0, 700.0])),
        max_members=draw(st.sampled_from([None, 1, 2])),
        must_not_move=draw(st.sampled_from([(), ("a",)])),
        rivalry_weight=draw(st.sampled_from([0.0, 0.5, 2.0])),
    )


def keeps(joins, setting, moves, rules):
    """What every plan has to keep to, said again in plain words."""
    if any(host in joins for host in joins.values()):
        return False
    for host in set(joins.values()):
        members = [park for park, into in joins.items() if into == host]
        if rules.max_members is not None and len(members) > rules.max_members:
            return False
        added = sum(moves.loc[(park, host), "added_ha"] for park in members)
        own = np.nan_to_num(setting.area_ha[host])
        if rules.capacity_ha is not None and added > max(rules.capacity_ha - own, 0) + 1e-9:
            return False
    if any(park not in joins for park in {*rules.must_move, *rules.join}):
        return False
    if rules.one_per_district:
        for place in ("甲区", "乙区"):
            stay = [p for p, at in setting.districts.items() if place in at and p not in joins]
            if sum(setting.counted[park] for park in stay) > 1:
                return False
    return True


def every_plan(setting, moves, rules):
    """Every plan that keeps to the rules."""
    ways = {}
    for park, into in moves.index:
        ways.setdefault(park, [None]).append(into)
    for chosen in itertools.product(*ways.values()):
        joins = {p: into for p, into in zip(ways, chosen, strict=True) if into is not None}
        if keeps(joins, setting, moves, rules):
            yield joins


def posed(parks, rules):
    result = pm.analyze(parks)
    used = resolved(rules, result.parks)
    setting = setting_of(result, used)
    return result, used, setting, candidates(setting, result, used)


@FEW
@given(layers(most=7), rule_sets())
def test_no_plan_of_all_there_are_scores_more(parks, rules):
    _, used, setting, moves = posed(parks, rules)
    found = solve(setting, moves, used)
    best = max(score_of(setting, moves, used, joins) for joins in every_plan(setting, moves, used))
    assert found.score == pytest.approx(best, abs=1e-6)
    assert keeps(found.joins, setting, moves, used)
    assert found.gap == 0


@FEW
@given(layers(), rule_sets(), st.data())
def test_what_must_move_moves_or_the_rules_are_said_to_clash(parks, rules, data):
    told = data.draw(st.sampled_from([p for p in parks.index if p not in rules.must_not_move]))
    one = data.draw(st.booleans())
    asked = Rules(**{**vars(rules), "must_move": (told,), "one_per_district": one})
    _, used, setting, moves = posed(parks, asked)
    found = solve(setting, moves, used)
    scores = [score_of(setting, moves, used, joins) for joins in every_plan(setting, moves, used)]
    assert found.feasible == bool(scores)
    if scores:
        assert found.score == pytest.approx(max(scores), abs=1e-6)


@FEW
@given(layers(), rule_sets())
def test_more_freedom_never_scores_worse(parks, rules):
    _, used, setting, moves = posed(parks, rules)
    free = Rules(near_km=rules.near_km, rivalry_weight=rules.rivalry_weight)
    _, loose, wider, more = posed(parks, free)
    assert set(moves.index) <= set(more.index)
    assert solve(wider, more, loose).score >= solve(setting, moves, used).score - 1e-6


@FEW
@given(layers())
def test_a_plan_keeps_tiers_land_and_the_high_parks(parks):
    result = pm.analyze(parks)
    plan = pm.consolidate(result)
    moved = plan.moves[plan.moves["status"] == "merged"]
    assert not set(moved["tier"]) & {"national", "provincial"}
    left = plan.merged.index
    assert plan.merged["tier"].equals(result.parks.loc[left, "tier"])
    assert sorted(plan.moves["park"]) == sorted(result.parks.index)
    before, after = (table.union_all().area for table in (result.parks, plan.merged))
    assert after == pytest.approx(before)
    assert (plan.figures["after"] <= plan.figures["before"] + 1e-6).all()
    assert (moved["findings"].map(len) > 0).all()
    assert (moved["message"].str.len() > 0).all()


@FEW
@given(layers())
def test_no_findings_no_moves(parks):
    apart = parks.set_geometry(
        [square(i * 4000.0) for i in range(len(parks))], crs=parks.crs
    ).assign(sectors=[SECTORS[i : i + 1] for i in range(len(parks))])
    result = pm.analyze(apart)
    plan = pm.consolidate(result)
    assert result.conflicts.empty
    assert set(plan.moves["status"]) == {"kept"}


def test_a_layer_without_findings_gives_an_empty_plan():
    shapes = {key: square(i * 2000.0) for i, key in enumerate("abc")}
    words = [("中药饮片",), ("偏光片",), ("家具",)]
    bodies = ["甲管委会", "甲管委会", ""]
    tiers = ["provincial", "municipal", "municipal"]
    parks = park_layer(shapes, sectors=words, managing_body=bodies, tier=tiers)
    result = pm.analyze(parks)
    assert result.conflicts.empty
    plan = pm.consolidate(result)
    assert set(plan.moves["status"]) == {"kept"}
    assert plan.score == 0


@pytest.fixture
def near_rivals():
    """A municipal park beside a provincial one in the same trade, another far off."""
    shapes = {"a": square(), "b": square(1200), "c": square(60_000)}
    tiers = ["provincial", "municipal", "municipal"]
    columns = {"district": ["甲区", "甲区", "乙区"], "tier": tiers}
    return park_layer(shapes, sectors=[("偏光片",)] * 3, **columns)


def test_parks_that_stay_for_their_tier_are_told_whose_ground_they_cross():
    shapes = {"a": square(), "b": square(900), "c": square(5000)}
    parks = park_layer(shapes, tier=["national", "provincial", "provincial"])
    told = pm.consolidate(pm.analyze(parks)).moves.set_index("park")["message"]
    assert "所绘范围与园区b有交叉或套叠，宜先核对边界" in told["a"]
    assert "所绘范围与园区a有交叉或套叠" in told["b"]
    assert "交叉" not in told["c"]


def test_parks_known_as_points_have_no_boundary_to_measure_from(near_rivals):
    near_rivals.loc["b", "geometry"] = near_rivals.geometry["b"].centroid
    plan = pm.consolidate(pm.analyze(near_rivals))
    message = plan.moves.set_index("park").loc["b", "message"]
    assert "相距700米（无范围的按点位量）" in message
    assert "边界" not in message


def test_neighbours_in_one_trade_are_joined_and_those_far_off_are_not(near_rivals):
    plan = pm.consolidate(pm.analyze(near_rivals), target="3+22+N")
    into = plan.moves.set_index("park")["into"]
    assert into.to_dict() == {"a": "", "b": "a", "c": ""}
    row = plan.moves.set_index("park").loc["b"]
    assert row["manner"] == "join"
    assert row["approval"] == "city"
    assert "边界最近处相距200米，两者主导产业基本相同" in row["message"]
    assert plan.gaps == {"national": -3, "provincial": -21}
    assert any("国家级缺3、省级缺21" in note for note in plan.notes)
    assert plan.figures.loc["rival_pairs"].tolist() == [3.0, 1.0]
    assert plan.merged.loc["a", "merged_parks"] == "园区b"
    assert "与园区a、园区b有同质竞争风险" in plan.moves.set_index("park").loc["c", "message"]


@pytest.mark.parametrize(
    ("districts", "manner"),
    [(["甲区", "甲区"], "join"), (["甲区", "乙区"], "custody"), (["甲区", ""], "join")],
)
def test_across_districts_a_park_is_managed_on_behalf(districts, manner):
    shapes = {"a": square(), "b": square(1200)}
    columns = {"tier": ["provincial", "municipal"], "district": districts}
    parks = park_layer(shapes, sectors=[("偏光片",)] * 2, **columns)
    row = pm.consolidate(pm.analyze(parks)).moves.set_index("park").loc["b"]
    assert row["manner"] == manner
    assert ("属地分成" in row["message"]) == (manner == "custody")


def test_both_languages_say_the_same_plan(near_rivals):
    result = pm.analyze(near_rivals)
    zh = pm.consolidate(result)
    with messages.use_language("en"):
        en = pm.consolidate(result)
    columns = ["status", "park", "into", "approval", "manner"]
    assert zh.moves[columns].equals(en.moves[columns])
    assert en.moves["message"].str.isascii().sum() == 0  # names stay as they are
    assert en.moves.iloc[0]["message"].startswith("It is proposed that")


def test_a_county_government_is_not_one_body_for_all_its_parks():
    shapes = {"a": square(), "b": square(900)}
    columns = {"tier": ["provincial", "municipal"], "district": ["新津区"] * 2}
    body = park_layer(shapes, managing_body=["新津园管委会"] * 2, **columns)
    county = park_layer(shapes, managing_body=["新津区人民政府", "新津区"], **columns)
    assert (pm.consolidate(pm.analyze(body)).moves["status"] == "merged").sum() == 1
    assert (pm.consolidate(pm.analyze(county)).moves["status"] == "merged").sum() == 0


def test_two_anchors_that_look_like_one_park_are_left_alone_and_told():
    shapes = {"a": square(), "b": square()}
    result = pm.analyze(park_layer(shapes, tier=["provincial"] * 2))
    plan = pm.consolidate(result)
    assert set(plan.moves["status"]) == {"kept"}
    assert any("园区a与园区b" in note for note in plan.notes)
    assert "疑似同一园区" in plan.moves["message"].iloc[0]
    freed = pm.consolidate(result, rules=Rules(may_move=("园区b",)))
    row = freed.moves.set_index("park").loc["b"]
    assert (row["into"], row["approval"], row["tier"]) == ("a", "province", "provincial")


def test_a_park_that_merely_crosses_another_stays_and_is_not_said_to_stand_apart():
    shapes = {"a": square(), "b": square(950)}
    columns = {"tier": ["provincial", "municipal"], "sectors": [("偏光片",), ("家具",)]}
    plan = pm.consolidate(pm.analyze(park_layer(shapes, **columns)))
    row = plan.moves.set_index("park").loc["b"]
    assert row["status"] == "kept"
    assert "有交叉" in row["message"]
    assert "未见" not in row["message"]


def test_customs_zones_take_no_part():
    shapes = {"a": square(), "b": square(100, 100, 500)}
    kinds = {"kind": ["", "综合保税区"], "tier": ["national", "municipal"]}
    plan = pm.consolidate(pm.analyze(park_layer(shapes, managing_body=["甲"] * 2, **kinds)))
    assert set(plan.moves["status"]) == {"kept"}
    assert "国务院" in plan.moves.set_index("park").loc["b", "message"]


def test_a_new_park_is_formed_of_those_the_rules_name(near_rivals):
    rules = Rules(new={"新园": ("b", "园区c")})
    plan = pm.consolidate(pm.analyze(near_rivals), rules=rules)
    rows = plan.moves.set_index("name")
    assert rows.loc["新园", "status"] == "new"
    assert rows.loc["园区b", "into_name"] == rows.loc["园区c", "into_name"] == "新园"
    made = plan.merged.set_index("name").loc["新园"]
    assert made.geometry.area == pytest.approx(2e6)
    assert made["tier"] == ""
    assert not made["counted"]


@pytest.mark.parametrize(
    ("rules", "named"),
    [
        (Rules(must_move=("c",), same_district=True), ["园区c须并入", "只在本区"]),
        (Rules(join={"b": "a"}, capacity_ha=150.0), ["园区b须并入园区a", "容量"]),
        (Rules(must_move=("b", "c"), join={"b": "a", "c": "a"}, max_members=1), ["至多并入1个"]),
    ],
    ids=["district", "capacity", "members"],
)
def test_rules_that_clash_are_named(near_rivals, rules, named):
    with pytest.raises(OptionError) as fault:
        pm.consolidate(pm.analyze(near_rivals), rules=rules)
    for words in named:
        assert words in str(fault.value)
    assert len(str(fault.value)) <= 200


def test_one_park_a_district_does_not_move_a_provincial_park_unless_told(near_rivals):
    parks = near_rivals.assign(tier="provincial")
    result = pm.analyze(parks)
    with pytest.raises(OptionError, match=r"省级开发区不调整.*甲区一县一区"):
        pm.consolidate(result, rules=Rules(one_per_district=True))
    plan = pm.consolidate(result, rules=Rules(one_per_district=True, may_move=("b",)))
    row = plan.moves.set_index("park").loc["b"]
    assert (row["into"], row["approval"]) == ("a", "province")


def test_one_park_a_district_counts_those_without_a_tier_that_have_to_stay():
    shapes = {"a": square(), "b": square(950)}
    columns = {"tier": ["", "municipal"], "district": ["甲区"] * 2, "sectors": [("偏光片",)] * 2}
    result = pm.analyze(park_layer(shapes, counted=[True] * 2, **columns))
    rules = Rules(one_per_district=True, must_not_move=("a",))
    with pytest.raises(OptionError, match=r"一县一区"):
        pm.consolidate(result, rules=rules)


@pytest.mark.parametrize(
    "rules",
    [
        Rules(must_move=("nobody",)),
        Rules(must_move=("a",), must_not_move=("a",)),
        Rules(join={"b": "b"}),
        Rules(new={"园区a": ("b", "c")}),
        Rules(new={"新园": ("a", "b")}),
        Rules(one_per_district=("丁区",)),
    ],
    ids=["unknown", "both", "itself", "name taken", "of a provincial park", "no such district"],
)
def test_rules_that_make_no_sense_are_refused(near_rivals, rules):
    with pytest.raises(InputError) as fault:
        pm.consolidate(pm.analyze(near_rivals), rules=rules)
    assert len(str(fault.value)) <= 200


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("near_km = ", "TOML"),
        ("near = 3", "near"),
        ("near_km = -1", "near_km"),
        ('near_km = "3"', "near_km"),
        ("max_members = 1.5", "max_members"),
        ("must_move = [1]", "must_move"),
        ('join = ["a"]', "join"),
        ("same_district = 1", "same_district"),
    ],
)
def test_a_rules_file_that_is_wrong_says_where(tmp_path, text, said):
    path = tmp_path / "plan.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=said):
        consolidation.read_rules(path)


def test_a_rules_file_holds_every_rule(tmp_path):
    path = tmp_path / "plan.toml"
    path.write_text(
        'anchors = ["甲"]\none_per_district = ["甲区"]\nmax_members = 3\n'
        'capacity_ha = { "甲" = 900.0 }\n[join]\n"乙" = "甲"\n[new]\n"丙园" = ["丁", "戊"]\n',
        encoding="utf-8",
    )
    rules = consolidation.read_rules(path)
    assert rules.anchors == ("甲",)
    assert rules.one_per_district == ("甲区",)
    assert rules.capacity_ha == {"甲": 900.0}
    assert rules.join == {"乙": "甲"}
    assert rules.new == {"丙园": ("丁", "戊")}


def test_out_of_time_tells_the_gap(near_rivals):
    result = pm.analyze(near_rivals)
    plan = pm.consolidate(result, time_limit_s=0.0)
    assert np.isnan(plan.gap) or plan.gap >= 0
    if plan.gap != 0:
        assert any("限时" in note for note in plan.notes)


def test_a_plan_depends_neither_on_row_order_nor_on_other_columns(near_rivals):
    shuffled = near_rivals.iloc[::-1].assign(备注="x")
    one, other = (pm.consolidate(pm.analyze(parks)) for parks in (near_rivals, shuffled))
    columns = ["number", "status", "park", "into", "message"]
    assert one.moves[columns].equals(other.moves[columns])


def test_parks_without_land_or_sector_stay():
    frame = gpd.GeoDataFrame({"name": ["甲", "乙"]}, geometry=[None, None], crs=METRIC)
    plan = pm.consolidate(pm.analyze(frame))
    assert set(plan.moves["status"]) == {"kept"}
    assert pd.isna(plan.merged["plan_area_ha"]).all()


@pytest.fixture(scope="module")
def chengdu():
    return pm.analyze(pm.read_parks(DATA / "parks.geojson"))


def test_plan_and_findings_say_the_same_of_who_runs_a_park(chengdu):
    """A body that the findings tell of is not denied by the plan: a government is named as one."""
    plan = pm.consolidate(chengdu).moves.set_index("park")
    one = chengdu.conflicts[chengdu.conflicts["relation"] == "same_body"]
    for pair, told in zip(one["parks"], one["message"], strict=True):
        body = chengdu.parks.loc[pair[0], "managing_body"]
        assert f"同一管理主体（{body}）" in told
        said = "".join(plan.loc[park, "message"] for park in pair)
        customs = "CD-35" in pair  # takes no part, and says why
        assert customs or body in said, (pair, said)


def test_a_park_of_an_old_list_stays_with_what_is_known_of_it(chengdu):
    said = pm.consolidate(chengdu).moves.set_index("park")["message"]
    assert "与四川双流经济开发区同由双流区管理" in said["CD-26"]
    assert "重合407.22公顷" in said["CD-26"]
    assert "占本园的20.4%，不以重合为主" in said["CD-26"]
    assert "登记由成都高新区、双流区共建" in said["CD-24"]
    assert "交子公园" not in said["CD-24"]
    assert "上级园区登记为成都天府国际空港新城" in said["CD-29"]
    assert "与成都锦江工业园区、成都高新技术产业开发区有交叉" in said["CD-25"]
    assert "两者同由新都区管理" in said["CD-27"]


def test_a_park_that_could_join_one_that_itself_moves_says_so():
    plan = pm.consolidate(pm.analyze(pm.read_parks(DATA / "example_city.geojson")))
    said = plan.moves.set_index("park")["message"]["SL-43"]
    assert "与霁川内陆港功能区有归并理由，而后者本身拟并入其他园区" in said
