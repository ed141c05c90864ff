"""The rules: what a number means, when it is due, which light it gets, what it pays.

Here      quantities, periods, windows, deadlines, phasing, attainment, lights, payout, Merkle roots.
Below     `estimates/`: forecasts and projections. Floats live there and nowhere else in this package; an estimate
          enters a rule only as a whole number, through a named rounding.
Promises  Pure: no framework, no clock, no file, no network. Amounts are whole numbers of the metric's minor unit,
          ratios are exact fractions, money is never a float. The same facts give the same answer years later.
Refusals  `errors.RuleError`: a code and its facts; pages find the words.
Read on   docs/rules/, one page for each rule.
"""
