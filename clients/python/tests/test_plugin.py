"""The fixtures, as a project's own tests meet them."""

from __future__ import annotations


def test_each_test_has_a_sandbox_and_is_verified(pytester, monkeypatch, mockpos_server):
    monkeypatch.setenv("MOCKPOS_URL", mockpos_server.url)
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.parametrize("which", ["a", "ö"])
        def test_alone(mockpos, which):
            assert mockpos.journal() == []
            mockpos.ask("GET", "health")

        def test_nothing_came(mockpos):
            mockpos.expect(name="paid", endpoint="craftgate.card_payment.create")
        """
    )
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    result.assert_outcomes(passed=3, errors=1)
    result.stdout.fnmatch_lines(["*VerificationError: mockpos: `paid`: wanted >= 1, found 0*"])


def test_the_ini_file_says_how_it_starts(pytester, monkeypatch):
    monkeypatch.delenv("MOCKPOS_URL", raising=False)
    pytester.makeini("[pytest]\nmockpos_scenario = happy-path\nmockpos_clock = frozen:2026-03-04T05:06:07Z")
    pytester.makepyfile(
        """
        def test_time(mockpos):
            assert mockpos.clock.read()["now"] == "2026-03-04T05:06:07.000000Z"
            assert "every payment succeeds" in mockpos.scenario()
        """
    )
    pytester.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(passed=1)
