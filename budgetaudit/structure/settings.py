"""The numbers that decide which readings of a table are believed, in one place.

Evidence is counted in bits: n bits are odds of 2 to the n. A reading earns bits where its relation holds (by the digits that
agree: `labels.numbers.bits`) and pays them for what it must assume. The numbers are judgements, not fits: each states the odds
it stands for. `benchmarks/sensitivity.py` changes one after the other by a quarter and names the rule cases that move.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StructureSettings:
    """What sums and derived lines of a labelled table need to be believed."""

    # Costs, in bits: what a reading has to assume.
    fail_cost: float = 7.0  # a printed figure is wrong: about one in 128
    unprinted_cost: float = 5.0  # a part is not printed, where a total is above its parts
    cut_cost: float = 3.0  # a list of items began on the page before

    # Gains, in bits: what speaks for a reading besides the sums that hold.
    near_most: float = 8.0  # at most so much for totals that are near their parts
    nearby: float = 2.0  # from here on a number is near another: within a quarter of it
    announced: float = 40.0  # a label says that a total breaks down, or two totals read alike balance: beyond any failure
    alike: float = 4.0  # one total read alike balances
    closed: float = 4.0  # nothing but these parts is left for a total
    complete: float = 5.0  # all fund sources, or all years, beside the amount of the whole
    whole: float = 9.0  # the same beside an amount that its label calls that of a whole: 총사업비
    beside: float = 4.0  # the same beside an amount whose labels do not say what it is
    spoken_for: float = 6.0  # a subtotal is a part of a total that holds everywhere

    # Scores, in bits, from which on a reading is accepted.
    labelled_score: float = 7.0  # labels propose it: as much as one wrong figure costs
    even_score: float = 12.0  # as many crossings fail as hold: these must be long numbers, as three digits may meet by chance
    unlabelled_score: float = 24.0  # arithmetic alone proposes it, out of millions of sums tried
    much: float = 12.0  # few sums that only rounding lets pass, but of long numbers
    derived_score: float = 9.0  # a difference, ratio or growth that no label names
    derived_labelled: float = 3.0  # one whose operands labels name

    # Counts and ratios.
    few: int = 3  # sums that only rounding lets pass may be chance; fewer prove nothing
    few_hold: int = 4  # one crossing in four holds: too few for the others to be slips
    mostly_wrong: int = 2  # so many may be wrong for one that is right, where labels name the operands
    running_least: int = 3  # totals that hold before a line is believed to run
    tie_holding: int = 3  # lines in which a tie holds before it is believed
    tie_lines_a_failure: int = 4  # of so many lines a tie may fail in one
    coarse_causes: int = 3  # wrong numbers that a coarser rounding would explain; fewer may be slips
    coarse_bits: float = 7.0  # for each of them, before whole numbers are taken for exact
    coarse_one_in: int = 10  # sums that are off, of those that are exact


@dataclass(frozen=True, slots=True)
class DiscoverySettings:
    """What relations found by arithmetic alone need to be believed (`discover`). Units as above."""

    fail_bits: float = 5.0  # cost of a failing crossing: fewer wrong figures are assumed than in an audit
    error_bits: float = 5.0  # cost of assuming that a failure is one slip of long numbers
    slip_bits: float = 6.0  # at most so much for a failure that such a slip explains
    slack_bits: float = 1.0  # cost of a crossing where a mean or a quotient holds, which only rounding lets pass
    crossing_bits: float = 16.0  # at most so much for a crossing, for one alone may be chance
    coarse_bits: float = 8.0  # cost of a relation whose operands are printed more coarsely than it states
    most_slips: int = 3  # so many failures may be slips, whatever their share
    few_fails: int = 10  # one failure in so many crossings that hold is few
    least_bits: float = 2.0  # a candidate is weighed from here on
    average_bits: float = 8.0  # cost of reading a line as an average
    accept_bits: float = 2.0  # a relation is reported from here on, beyond what it costs to state
    quotient_bits: float = 10.0  # cost of a ratio or change against a sum that says the same
    near_share: float = 0.6  # rivals with this share of the best one's evidence are weighed by nearness
    folded: float = 0.6  # share of its crossings at which a relation must still hold over subtotals
    coverage: float = 0.6  # share of the crossings that must hold or be excused
    product: float = 0.9  # share of the crossings at which a ratio is an exact product, and is stated as one


STRUCTURE = StructureSettings()
DISCOVERY = DiscoverySettings()
