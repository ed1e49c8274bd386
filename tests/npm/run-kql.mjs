// Runs Kusto queries over rows given as JSON. Microsoft's language service parses and checks each query against the tables' columns; the
// operators are carried out here. What this file does not know it refuses, so that no query passes for a wrong reason.
// Reads one line, {"schemas": {table: {column: type}}, "runs": [{"query", "now", "tables": {table: [row]}}]}, and writes one,
// {"replies": [{"rows": […]} or {"error": "…"}]}. Dates are ISO 8601 and become milliseconds in the rows of a reply; so are timespans.
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const require = createRequire(import.meta.url);
require('@kusto/language-service-next/bridge.min.js');
require('@kusto/language-service-next/Kusto.Language.Bridge.min.js');
const { KustoCode, GlobalState, Symbols } = globalThis.Kusto.Language;

const kindOf = (node) => node.constructor.$$fullname.replace(/^.*\./, '');
const typeOf = (node) => node.ResultType.Name;
const childrenOf = (node) => Array.from({ length: node.ChildCount }, (_, index) => node.GetChild(index)).filter(Boolean);
const elementsOf = (list) => childrenOf(list).map((separated) => separated.Element$1 ?? separated.Element ?? separated.GetChild(0));
const refuse = (what) => { throw new Error(`${what} is not known here.`); };
const text = (value) => value === null || value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : `${value}`;

class Run {
  constructor({ tables, now }) {
    this.tables = tables;
    this.now = Date.parse(now);
    this.lets = new Map();
  }

  all(code) {
    let rows = [];
    for (const statement of elementsOf(code.Syntax.Statements)) {
      if (kindOf(statement) === 'LetStatement') this.lets.set(statement.Name.SimpleName, statement.Expression);
      else if (kindOf(statement) === 'ExpressionStatement') rows = this.rows(statement.Expression);
      else refuse(kindOf(statement));
    }
    return rows;
  }

  rows(node) {
    switch (kindOf(node)) {
      case 'NameReference': {
        const name = node.SimpleName;
        return this.lets.has(name) ? this.rows(this.lets.get(name)) : this.tables[name] ?? [];
      }
      case 'ParenthesizedExpression': return this.rows(node.Expression);
      case 'PipeExpression': return this.pipe(node.Operator, this.rows(node.Expression));
      case 'UnionOperator': return elementsOf(node.Expressions).flatMap((one) => this.rows(one));
      default: return refuse(kindOf(node));
    }
  }

  pipe(operator, rows) {
    switch (kindOf(operator)) {
      case 'FilterOperator': return rows.filter((row) => this.value(operator.Condition, row) === true);
      case 'ExtendOperator': return rows.map((row) => this.named(operator.Expressions, row, { ...row }));
      case 'ProjectOperator': return rows.map((row) => this.named(operator.Expressions, row, {}));
      case 'SummarizeOperator': return this.summarize(operator, rows);
      case 'SortOperator': return this.sort(operator, rows);
      case 'TakeOperator': return rows.slice(0, this.value(operator.Expression, {}));
      case 'JoinOperator': return this.join(operator, rows);
      default: return refuse(kindOf(operator));
    }
  }

  sort(operator, rows) {
    const keys = elementsOf(operator.Expressions).map((node) => kindOf(node) === 'OrderedExpression' ? [node.Expression, node.Ordering?.ToString().trim()] : [node]);
    const least = (row, other) => keys.reduce((order, [key, ordering]) => {
      const [left, right] = [this.value(key, row), this.value(key, other)];
      const sign = ordering === 'asc' ? 1 : -1;
      return order || (left < right ? -sign : left > right ? sign : 0);
    }, 0);
    return [...rows].sort(least);
  }

  named(list, row, target) {
    for (const node of elementsOf(list)) {
      const { name, expression } = this.split(node);
      target[name] = this.value(expression, row);
    }
    return target;
  }

  split(node) {
    if (kindOf(node) === 'SimpleNamedExpression') return { name: node.Name.SimpleName, expression: node.Expression };
    return kindOf(node) === 'NameReference' ? { name: node.SimpleName, expression: node } : refuse(`${node.ToString()} without a name`);
  }

  summarize(operator, rows) {
    const keys = operator.ByClause ? elementsOf(operator.ByClause.Expressions).map((node) => this.split(node)) : [];
    const groups = new Map();
    // Without "by" there is one group, even of no rows.
    if (keys.length === 0) groups.set('', { key: {}, rows });
    else for (const row of rows) {
      const key = Object.fromEntries(keys.map(({ name, expression }) => [name, this.value(expression, row)]));
      const id = JSON.stringify(key);
      if (!groups.has(id)) groups.set(id, { key, rows: [] });
      groups.get(id).rows.push(row);
    }
    const aggregates = elementsOf(operator.Aggregates).map((node) => this.split(node));
    return [...groups.values()].map((group) => ({
      ...group.key,
      ...Object.fromEntries(aggregates.map(({ name, expression }) => [name, this.aggregate(expression, group.rows)])),
    }));
  }

  aggregate(node, rows) {
    if (kindOf(node) !== 'FunctionCallExpression') return refuse(node.ToString());
    const [first, second] = elementsOf(node.ArgumentList.Expressions);
    const values = () => rows.map((row) => this.value(first, row)).filter((value) => value !== null);
    const sum = (some) => some.reduce((total, row) => total + (this.value(first, row) ?? 0), 0);
    switch (node.Name.SimpleName) {
      case 'count': return rows.length;
      case 'countif': return rows.filter((row) => this.value(first, row) === true).length;
      case 'sum': return sum(rows);
      case 'sumif': return sum(rows.filter((row) => this.value(second, row) === true));
      case 'min': return values().reduce((least, one) => least === null || one < least ? one : least, null);
      case 'max': return values().reduce((most, one) => most === null || one > most ? one : most, null);
      case 'dcount': return new Set(values()).size;
      default: return refuse(node.Name.SimpleName);
    }
  }

  join(operator, left) {
    const parameters = childrenOf(operator.Parameters).map((one) => one.ToString().trim());
    if (parameters.join() !== 'kind=leftouter') return refuse(`join ${parameters.join(' ')}`);
    const keys = elementsOf(operator.ConditionClause.Expressions).map((node) => node.SimpleName ?? refuse(node.ToString()));
    const right = this.rows(operator.Expression);
    const others = childrenOfColumns(operator.Expression.ResultType);
    return left.flatMap((row) => {
      const found = right.filter((other) => keys.every((key) => row[key] === other[key]));
      return (found.length > 0 ? found : [{}]).map((other) => {
        const joined = { ...row };
        for (const name of others) joined[name in row ? `${name}1` : name] = other[name] ?? null;
        return joined;
      });
    });
  }

  value(node, row) {
    switch (kindOf(node)) {
      case 'ParenthesizedExpression': return this.value(node.Expression, row);
      case 'LiteralExpression': return this.literal(node);
      case 'NameReference': return this.column(node, row);
      case 'PathExpression': return this.value(node.Expression, row)?.[node.Selector.SimpleName] ?? null;
      case 'BinaryExpression': return this.binary(node, row);
      case 'InExpression': return this.isIn(node, row);
      case 'FunctionCallExpression': return this.call(node, row);
      default: return refuse(`${kindOf(node)} ${node.ToString()}`);
    }
  }

  literal(node) {
    const value = node.LiteralValue;
    switch (typeOf(node)) {
      case 'string': return value;
      case 'bool': return value === true || value?.v === true;
      case 'long': case 'int': case 'real': return Number(value.toString());
      case 'timespan': return timespan(node.ToString().trim());
      case 'datetime': return Date.parse(node.ToString().trim().replace(/^datetime\(|\)$/g, ''));
      default: return refuse(`a literal ${typeOf(node)}`);
    }
  }

  column(node, row) {
    const value = row[node.SimpleName] ?? null;
    if (value === null) return typeOf(node) === 'string' ? '' : null;
    return typeOf(node) === 'datetime' && typeof value === 'string' ? Date.parse(value) : value;
  }

  binary(node, row) {
    const operator = node.Operator.Text;
    const left = this.value(node.Left, row);
    if (operator === 'and') return left === true && this.value(node.Right, row) === true;
    if (operator === 'or') return left === true || this.value(node.Right, row) === true;
    const right = this.value(node.Right, row);
    if ([node.Left, node.Right].some((side) => typeOf(side) === 'dynamic')) return refuse(`${node.ToString()} with a dynamic value`);
    // A comparison with null is null, which no filter passes.
    if (left === null || right === null) return operator === '!=' ? refuse('!= with null') : null;
    switch (operator) {
      case '==': return left === right;
      case '!=': return left !== right;
      case '<': return left < right;
      case '<=': return left <= right;
      case '>': return left > right;
      case '>=': return left >= right;
      case '+': return left + right;
      case '-': return left - right;
      case '*': return left * right;
      case '/': return ['int', 'long'].includes(typeOf(node)) ? Math.trunc(left / right) : left / right;
      case 'startswith': return left.toLowerCase().startsWith(right.toLowerCase());
      case 'endswith': return left.toLowerCase().endsWith(right.toLowerCase());
      case 'contains': return left.toLowerCase().includes(right.toLowerCase());
      default: return refuse(operator);
    }
  }

  isIn(node, row) {
    const left = this.value(node.Left, row);
    const found = elementsOf(node.Right.Expressions).some((one) => this.value(one, row) === left);
    switch (node.Operator.Text) {
      case 'in': return found;
      case '!in': return !found;
      default: return refuse(node.Operator.Text);
    }
  }

  call(node, row) {
    const given = elementsOf(node.ArgumentList.Expressions);
    const values = () => given.map((one) => this.value(one, row));
    switch (node.Name.SimpleName) {
      case 'tostring': return text(values()[0]);
      case 'toint': case 'tolong': return this.whole(values()[0]);
      case 'strcat': return values().map(text).join('');
      case 'isempty': return text(values()[0]) === '';
      case 'isnotempty': return text(values()[0]) !== '';
      case 'isnull': return values()[0] === null;
      case 'not': return values()[0] === null ? null : !values()[0];
      case 'iff': return this.value(given[0], row) === true ? this.value(given[1], row) : this.value(given[2], row);
      case 'coalesce': return values().find((one) => one !== null && one !== '') ?? (typeOf(node) === 'string' ? '' : null);
      case 'extract': { const [pattern, group, subject] = values(); return new RegExp(pattern).exec(subject)?.[group] ?? ''; }
      case 'now': return this.now;
      case 'ago': return this.now - values()[0];
      default: return refuse(node.Name.SimpleName);
    }
  }

  whole(value) {
    const number = value === null || text(value).trim() === '' ? NaN : Number(value);
    return Number.isFinite(number) ? Math.trunc(number) : null;
  }
}

function childrenOfColumns(table) {
  const columns = table.Columns;
  return Array.from({ length: columns.Count }, (_, index) => columns.getItem(index).Name);
}

function timespan(literal) {
  const [, amount, unit] = /^(\d+)([smhd])$/.exec(literal) ?? refuse(literal);
  return amount * { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }[unit];
}

function globalsOf(schemas) {
  const tables = Object.entries(schemas).map(([name, columns]) =>
    new Symbols.TableSymbol.$ctor7(name, `(${Object.entries(columns).map(([column, type]) => `${column}:${type}`).join(',')})`, ''));
  return GlobalState.Default.WithDatabase(new Symbols.DatabaseSymbol.$ctor2('workspace', null, tables));
}

function reply(run, globals) {
  try {
    const code = KustoCode.ParseAndAnalyze(run.query, globals);
    const found = code.GetDiagnostics();
    const complaints = Array.from({ length: found.Count }, (_, index) => found.getItem(index)).map((one) => `${one.Severity}: ${one.Message}`);
    return complaints.length > 0 ? { error: complaints.join(' ') } : { rows: new Run(run).all(code) };
  } catch (error) {
    return { error: error.message };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const { schemas, runs } = JSON.parse(line);
  const globals = globalsOf(schemas);
  console.log(JSON.stringify({ replies: runs.map((run) => reply(run, globals)) }));
}
