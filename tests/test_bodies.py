import pytest
from builders import park_layer, square

from parkmap import bodies


def layer(**columns):
    count = len(next(iter(columns.values())))
    return park_layer({f"p{i}": square(x=2000 * i) for i in range(count)}, **columns)


def relation(**columns):
    return bodies.policy_relations(layer(**columns), ["p0"], ["p1"])[0]


@pytest.mark.parametrize("other", ["云溪高新区", "云溪高新区管理委员会", "云溪高新区 管委会"])
def test_one_body_under_two_spellings_is_one_body(other):
    assert relation(managing_body=["云溪高新区管委会", other]) == "same_body"


def test_unknown_bodies_are_not_the_same_body():
    assert relation(managing_body=["", ""]) == ""


def test_a_park_built_with_the_other_park_s_body_is_co_built():
    assert relation(managing_body=["甲区", "乙区"], co_built_by=["", "甲区;丙区"]) == "co_built"


def test_a_shared_partner_is_co_built():
    assert relation(co_built_by=["甲区;乙区", "乙区、丙区"]) == "co_built"


def test_a_list_no_longer_in_force_is_superseded():
    assert relation(list_name=["历史名录", "现行"]) == "superseded"
    assert relation(list_name=["现行", "现行"]) == ""


def test_same_body_is_asked_before_co_built_and_superseded():
    answer = relation(
        managing_body=["甲区", "甲区"], co_built_by=["乙", "乙"], list_name=["历史名录", ""]
    )
    assert answer == "same_body"


def test_the_lists_in_force_are_the_caller_s_to_name():
    parks = layer(list_name=["2019版", "现行"])
    answer = bodies.policy_relations(parks, ["p0"], ["p1"], superseded_lists=["2019版"])
    assert list(answer) == ["superseded"]


def test_no_pairs_give_an_empty_answer():
    assert len(bodies.policy_relations(layer(list_name=["", ""]), [], [])) == 0


def test_a_finding_names_the_body_that_runs_both_and_no_other_does():
    parks = layer(managing_body=["甲管委会", "甲"])
    both = {"relation": "same_body", "parks": ("p0", "p1")}
    assert bodies.body_of(both, parks) == "甲管委会"
    assert bodies.body_of(both | {"relation": "partial"}, parks) == ""
