// The API's document as something that judges answers and makes up requests, good ones and bad ones.

import assert from 'node:assert/strict';

import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import fc from 'fast-check';

const NUMBER_MOST = 9_007_199_254_740_991;

export class Document {
  #ajv;

  /** @param {object} document as `/api/openapi.json` answers it */
  constructor(document) {
    this.document = document;
    this.#ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: true });
    addFormats(this.#ajv);
    this.#ajv.addFormat('iana-time-zone', (name) => Intl.supportedValuesOf('timeZone').includes(name) || name === 'UTC');
    this.#ajv.addSchema(document, 'api', false, false);
    /** Every operation with its path, method and the path's parameters. */
    this.operations = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.entries(item)
        .filter(([method]) => method !== 'parameters')
        .map(([method, operation]) => ({ ...operation, path, method: method.toUpperCase() })),
    );
  }

  operation(id) {
    const found = this.operations.find(({ operationId }) => operationId === id);
    assert.ok(found, `no operation ${id}`);
    return found;
  }

  /** What a reference stands for. */
  resolve(value) {
    if (!value?.$ref) return value;
    return this.resolve(value.$ref.slice(2).split('/').reduce((at, key) => at[key], this.document));
  }

  /** What is wrong with a value, in words; nothing when it fits the schema. */
  faults(schema, value) {
    const whole = JSON.parse(JSON.stringify(schema), (key, inner) => (key === '$ref' ? inner.replace(/^#/, 'api#') : inner));
    const check = this.#ajv.compile(whole);
    return check(value) ? null : this.#ajv.errorsText(check.errors);
  }

  fits(schema, value) {
    return this.faults(schema, value) === null;
  }

  bodyOf(operation) {
    return operation.requestBody?.content['application/json'];
  }

  /** The documented examples of a body, with their moments in the year to come: what was to come when they were written is past by now. */
  examples(operation) {
    const content = this.bodyOf(operation);
    if (!content) return [undefined];
    const { properties } = this.resolve(content.schema);
    const isMoment = (key) => properties[key]?.$ref?.endsWith('/Moment');
    const written = content.examples ? Object.values(content.examples).map(({ value }) => value) : [content.example];
    return written.map((body) => Object.fromEntries(Object.entries(body).map(([key, value]) => [key, isMoment(key) ? nextYear(value) : value])));
  }

  /** Fails unless the answer is one that the document announces. */
  judge(operation, answer, what = '') {
    const about = `${operation.method} ${operation.path} ${what}: ${answer.status} ${answer.text}`;
    const announced = this.resolve(operation.responses[answer.status]);
    assert.ok(announced, `not documented: ${about}`);
    assert.ok(answer.status !== 500, about);
    for (const [name, reference] of Object.entries(announced.headers ?? {})) {
      const header = this.resolve(reference);
      const value = answer.headers.get(name);
      assert.ok(value !== null || !header.required, `without ${name}: ${about}`);
      if (value !== null && header.schema.type === 'integer') assert.equal(this.faults(header.schema, Number(value)), null, about);
    }
    const type = answer.headers.get('content-type')?.split(';')[0];
    if (!announced.content) return assert.equal(answer.text, '', about);
    const content = announced.content[type];
    assert.ok(content, `of type ${type}: ${about}`);
    const value = type.endsWith('json') ? answer.json : answer.text;
    assert.equal(this.faults(content.schema, value), null, about);
    if (type === 'application/problem+json') assert.equal(answer.json.status, answer.status, about);
  }

  // --- Making requests up ------------------------------------------------------------------------

  /** Values that fit a schema; `known` says more of those by the name of their schema. */
  good(schema, known = {}, name = '') {
    const make = () => {
      if (name in known) return known[name];
      if (schema.$ref) return this.good(this.resolve(schema), known, schema.$ref.split('/').at(-1));
      if (schema.oneOf) return fc.oneof(...schema.oneOf.map((one) => this.good(one, known)));
      if (schema.enum) return fc.constantFrom(...schema.enum);
      if ('const' in schema) return fc.constant(schema.const);
      return this.#byType(schema, known, name);
    };
    return make().filter((value) => this.fits(schema, value));
  }

  #byType(schema, known, name) {
    switch (schema.type) {
      case 'null':
        return fc.constant(null);
      case 'boolean':
        return fc.boolean();
      case 'integer':
        return fc.integer({ min: schema.minimum ?? 0, max: schema.maximum ?? 1_000 });
      case 'array':
        return fc.array(this.good(schema.items, known), { maxLength: Math.min(schema.maxItems ?? 3, 3) });
      case 'object': {
        const fields = Object.entries(schema.properties).map(([key, one]) => [key, this.good(one, known, `${name}.${key}`)]);
        return fc.record(Object.fromEntries(fields), { requiredKeys: schema.required ?? [] });
      }
      default:
        return goodText(schema);
    }
  }

  /**
   * Bodies that do not fit: `[what, body, field]`, one for each way in which each field can be wrong.
   * `null` for a field that may be absent is not among them: it counts as absent.
   */
  bad(schema, good) {
    const object = this.resolve(schema);
    const found = [];
    const required = object.required ?? [];
    for (const field of required) {
      const { [field]: _, ...rest } = good;
      found.push([`without ${field}`, rest, field]);
    }
    for (const [field, reference] of Object.entries(object.properties)) {
      for (const value of this.#badValues(reference)) {
        if (value === null && !required.includes(field)) continue;
        if (this.fits(reference, value)) continue;
        found.push([`${field} = ${JSON.stringify(value).slice(0, 40)}`, { ...good, [field]: value }, field]);
      }
    }
    for (const [field, needs] of Object.entries(object.dependentRequired ?? {})) {
      const body = { ...good, [field]: this.resolve(object.properties[field]).minimum };
      for (const other of needs) delete body[other];
      found.push([`${field} alone`, body, field]);
    }
    return found;
  }

  #badValues(reference) {
    const schema = this.resolve(reference);
    const wrong = [null, true, -1, 0.5, 1e300, NUMBER_MOST + 2, '', ' ', '\0', 'x', 'x@', 'a\u202eb@c.de', [], {}, [7], [{}], { a: 1 }];
    if (schema.maxLength) wrong.push('x'.repeat(schema.maxLength + 1), `${'é'.repeat(schema.maxLength)}@x.example`);
    if (schema.minLength > 1) wrong.push('x'.repeat(schema.minLength - 1));
    if (schema.pattern) wrong.push('?'.repeat(20), '\n');
    if (schema.format) wrong.push('2026-13-01T00:00:00Z', 'not of that format');
    if ('minimum' in schema) wrong.push(schema.minimum - 1);
    if ('maximum' in schema) wrong.push(schema.maximum + 1);
    if (schema.items) wrong.push(['x'], [''], [null]);
    if (schema.maxItems) wrong.push(Array.from({ length: schema.maxItems + 1 }, (_, place) => `p${place}@x.example`));
    return wrong;
  }
}

function goodText({ format, pattern, minLength, maxLength }) {
  // `=?` begins an encoded word, which no address of ours holds.
  if (format === 'email') return fc.emailAddress().filter((address) => !address.includes('=?'));
  if (format === 'uuid') return fc.uuid();
  if (format === 'date-time') return fc.date({ noInvalidDate: true }).map((date) => date.toISOString());
  if (format === 'iana-time-zone') return fc.constantFrom(...Intl.supportedValuesOf('timeZone'));
  if (pattern && !minLength) return fc.stringMatching(new RegExp(pattern, 'u'));
  return fc.string({ unit: 'binary', minLength, maxLength });
}

/** So many values, the same for the same seed. */
export const some = (arbitrary, count, seed) => fc.sample(arbitrary, { numRuns: count, seed });

/** A moment of the year to come, written as this one is: milliseconds since 1970, or a text with its offset. */
function nextYear(moment) {
  const year = new Date().getUTCFullYear() + 1;
  return typeof moment === 'number' ? new Date(moment).setUTCFullYear(year) : moment.replace(/^\d{4}/, year);
}
