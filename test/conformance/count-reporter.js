/**
 * A Jest reporter that prints how many tests passed, by group and transport:
 *
 *     jest test/conformance --reporters=./test/conformance/count-reporter.js
 *
 * Plain JavaScript, because Jest does not transform its reporters.
 */
const TRANSPORTS = ['h1', 'h1-tls', 'h2-tls', 'h2c'];
const NO_TRANSPORT = 'other';
const COLUMNS = [...TRANSPORTS, NO_TRANSPORT];

/** Groups of cases stand in their describe blocks: conformance, transport, group. */
const CASES = 'conformance';
const HANDSHAKES = 'handshake checklist';

const GROUP_WIDTH = 76;
const COLUMN_WIDTH = 9;

export default class CountReporter {
  /** @param {import('@jest/reporters').AggregatedResult} results */
  onRunComplete(_contexts, results) {
    /** @type {Map<string, Map<string, { passed: number, total: number }>>} */
    const counts = new Map();
    let isComplete = results.numRuntimeErrorTestSuites === 0;
    for (const { assertions } of suitesOf(results)) {
      for (const assertion of assertions) {
        const passed = assertion.status === 'passed';
        isComplete &&= passed;
        for (const group of [groupOf(assertion), 'all']) count(counts, group, assertion, passed);
      }
    }
    print(counts);
    const time = ((Date.now() - results.startTime) / 1000).toFixed(0);
    console.log(`\n${isComplete ? 'All passed' : 'NOT all passed'}, in ${time} s`);
    for (const { testResults } of results.testResults) {
      for (const { status, fullName, failureMessages } of testResults) {
        if (status === 'failed') console.log(`\nFAILED ${fullName}\n${failureMessages.join('\n')}`);
      }
    }
  }
}

const suitesOf = ({ testResults }) =>
  testResults.map((suite) => ({ assertions: suite.testResults }));

const groupOf = ({ ancestorTitles: [first, , group] }) => (first === CASES ? group : HANDSHAKES);

/** The longest name first, for `h1` begins `h1-tls`. */
const transportOf = ({ fullName }) =>
  /\b(h1-tls|h2-tls|h2c|h1)\b/.exec(fullName)?.[1] ?? NO_TRANSPORT;

function count(counts, group, assertion, passed) {
  const row = counts.get(group) ?? new Map();
  counts.set(group, row);
  const cell = row.get(transportOf(assertion)) ?? { passed: 0, total: 0 };
  row.set(transportOf(assertion), {
    passed: cell.passed + Number(passed),
    total: cell.total + 1,
  });
}

function print(counts) {
  const groups = [...counts.keys()].filter((group) => group !== 'all');
  groups.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  console.log(line('passed', COLUMNS));
  for (const group of [...groups, 'all']) {
    const row = counts.get(group) ?? new Map();
    console.log(
      line(
        group,
        COLUMNS.map((name) => shown(row.get(name))),
      ),
    );
  }
}

const shown = (cell) =>
  cell === undefined
    ? '-'
    : cell.passed === cell.total
      ? String(cell.total)
      : `${cell.passed}/${cell.total}`;

const line = (group, cells) =>
  group.padEnd(GROUP_WIDTH) + cells.map((cell) => cell.padStart(COLUMN_WIDTH)).join('');
