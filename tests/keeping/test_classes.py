"""Every table stands in a class of data, and every class that ends has its days and its sweep."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from django.db import connection

from shanshi.foundation.distribution import tables
from shanshi.keeping import operations, queries
from shanshi.keeping.rules import CLASSES, Happens
from shanshi.keeping.rules.classes import EXPIRING
from shanshi.policies import queries as policies


def in_the_database() -> set[str]:
    with connection.cursor() as cursor:
        return set(connection.introspection.table_names(cursor))


@pytest.mark.django_db
def test_every_table_stands_in_a_class() -> None:
    named = {table for one in CLASSES for table in one.tables}
    assert sorted(in_the_database() - named) == [], "say in keeping/rules/classes.py how long it is kept"
    assert sorted(named - in_the_database()) == []


def test_a_table_in_several_classes_says_which_of_its_rows() -> None:
    often = Counter(table for one in CLASSES for table in one.tables)
    assert [one.name for one in CLASSES for table in one.tables if often[table] > 1 and not one.rows] == []


def test_every_class_that_ends_has_days_and_a_sweep_and_no_other() -> None:
    ending = [one.name for one in EXPIRING]
    assert sorted(ending) == sorted(operations.SWEEPS) == sorted(queries.days(date(2019, 3, 20)))
    assert {one.happens for one in CLASSES if one.name not in ending} == {Happens.KEEP}
    (data_class,) = (fact for fact in policies.facts("retention") if fact.name == "data_class")
    assert sorted(data_class.one_of) == sorted(ending)


def test_what_is_written_once_is_let_go_of_by_the_owner_alone() -> None:
    once = {model._meta.db_table for model in tables() if model.append_only}
    assert {one.name for one in EXPIRING if once & set(one.tables)} == {
        one.name for one in EXPIRING if one.by_owner
    }
