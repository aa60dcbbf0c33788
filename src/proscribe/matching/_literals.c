/* Which rows of a text column hold a literal: the loop of scanner.py, for whole columns; and which lines of delimited text,
   or cells of a column, need a closer look.

   The rules of what counts as a hit stand in scanner.py, which is also the oracle: tests/matching/test_compiled.py holds this
   file to it. Which lines are left out says lines.py; tests/matching/test_lines.py holds that to reading them all.
   Bytes in, flags out; nothing here knows what is looked for or why. Limited API, no state but the table. */
#define Py_LIMITED_API 0x030B0000
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

enum { LEFT = 1, RIGHT = 2, BARE_MAC = 4, LEFT_CHANGE = 8, RIGHT_CHANGE = 16, ESCAPE = 32 };
enum { HIT = 1, ESCAPED = 2, FOREIGN = 4 };
enum { PLACES = 6, END = 256, CHARS = 257, KEYED = 6 };
/* what addresses.py asks of the shape of an address */
enum { MISREAD = 1, TURNED = 2, LETTERED = 4, WHOLE = 8 };
enum { SHAPES = 64, SHAPE = 30, GATED = 6, HELD = 1 << 16 };

typedef struct {
    uint64_t key;      /* first bytes and how many they are; 0 for a free slot */
    uint32_t first, count;
} Slot;

/* How the beginning of an address may be written; see Shape of addresses.py. */
typedef struct {
    uint8_t size, asks, text[SHAPE];
} Shape;

typedef struct {
    uint32_t shapes;
    Shape shape[SHAPES];
    uint64_t opens[1 << (2 * GATED)]; /* shapes that the classes of the first bytes of a word allow */
    uint32_t held[HELD];             /* prefixes and 1, by hash; 0 for a free place */
    uint32_t count, mask, ways, sets;
    uint8_t *texts;    /* all literals, one behind the other */
    uint32_t *start;   /* of each, and the end of the last */
    int32_t *flags, *longest, *way;
    int32_t *set_at;   /* ways x PLACES */
    uint8_t *allowed;  /* sets x CHARS */
    Slot *slots;
    uint32_t *order;   /* literals by slot */
    /* what a hit can begin with: two, three and four bytes; first those that begin a word, then those that begin anywhere */
    uint8_t two[2][1 << 13], three[2][1 << 15], four[2][1 << 17];
    uint8_t exact[2][1 << 13], exact3[2][1 << 15]; /* literals of two and of three bytes */
    /* the same for lines, with bit 32 of each byte set: those that begin a word by two, three and four bytes, and by three, those
       that begin anywhere; of two bytes with any third */
    uint8_t begun2[1 << 13], begun3[1 << 15], begun4[1 << 17], gate[1 << 15];
    uint8_t keys[1 << 18]; /* keys that have a slot; smaller than the slots, and so nearer */
} Table;

static uint8_t low[256], alnum[256], hex[256], digit[256], kind[256];
/* of a byte in an address: 0 where it may be a digit, 1 where it may stand between digits, 2 for an x, else 3 */
static uint8_t part[257];

static void fill_classes(void) {
    for (int c = 0; c < 256; c++) {
        int up = c >= 'A' && c <= 'Z', down = c >= 'a' && c <= 'z';
        low[c] = (uint8_t)(up ? c + 32 : c);
        digit[c] = c >= '0' && c <= '9';
        alnum[c] = (uint8_t)(digit[c] || up || down);
        hex[c] = (uint8_t)(digit[c] || (low[c] >= 'a' && low[c] <= 'f'));
        kind[c] = (uint8_t)(digit[c] ? 1 : up ? 2 : down ? 3 : 0);
        part[c] = (uint8_t)(hex[c] || (c && strchr("oli", low[c])) ? 0 : c && strchr(" :._/-", c) ? 1 : low[c] == 'x' ? 2 : 3);
    }
    part[END] = 3;
}

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
enum { IS_LITTLE = 1 };
#else
enum { IS_LITTLE = 0 };
#endif

#define SET(bits, at) ((bits)[(at) >> 3] |= (uint8_t)(1 << ((at) & 7)))
#define GET(bits, at) ((bits)[(at) >> 3] >> ((at) & 7) & 1)

static inline uint32_t hash3(uint32_t bytes) { return (uint32_t)(bytes * 2654435761u) >> 14; }
static inline uint32_t hash4(uint32_t bytes) { return (uint32_t)(((uint64_t)bytes * 0x9E3779B97F4A7C15ull) >> 44); }
static inline uint64_t mixed(uint64_t key) {
    key *= 0x9E3779B97F4A7C15ull;
    return key ^ (key >> 29);
}

static inline uint32_t hash_key(uint64_t key) { return (uint32_t)((key * 0xD6E8FEB86659FD93ull) >> 43); }

/* Up to eight bytes in small letters, the first lowest; no byte at or behind `end` is read. */
static inline uint64_t eight(const uint8_t *at, const uint8_t *end) {
    uint64_t bytes = 0;
    ptrdiff_t room = end - at;
    if (IS_LITTLE && room >= 8) {
        /* eight bytes at once: `big` marks the capitals among those of seven bits by their highest bit */
        const uint64_t seven = 0x7f7f7f7f7f7f7f7full;
        memcpy(&bytes, at, 8);
        uint64_t held = bytes & seven, big = (held + 0x3f3f3f3f3f3f3f3full) & ~(held + 0x2525252525252525ull);
        return bytes | ((big & ~bytes & ~seven) >> 2);
    }
    for (int n = 0; n < 8 && n < room; n++) bytes |= (uint64_t)low[at[n]] << (8 * n);
    return bytes;
}

static inline uint64_t key_of(uint64_t bytes, uint32_t size, int anywhere) {
    return (bytes & ((1ull << (8 * size)) - 1)) | ((uint64_t)(size | (anywhere ? 8u : 0u)) << 56);
}

static Slot *slot_of(const Table *table, uint64_t key) {
    uint64_t at = mixed(key) & table->mask;
    while (table->slots[at].key && table->slots[at].key != key) at = (at + 1) & table->mask;
    return &table->slots[at];
}

/* Whether a literal begins a word wherever it may count. */
static int begins_word(const Table *table, uint32_t number) {
    return (table->flags[number] & LEFT) && alnum[table->texts[table->start[number]]];
}

static uint64_t own_key(const Table *table, uint32_t number) {
    const uint8_t *text = table->texts + table->start[number];
    uint32_t size = table->start[number + 1] - table->start[number];
    return key_of(eight(text, text + size), size < KEYED ? size : KEYED, !begins_word(table, number));
}

static int filled(Table *table) {
    uint32_t slots = 1024, at = 0;
    while (slots < table->count * 2) slots *= 2;
    table->mask = slots - 1;
    table->slots = calloc(slots, sizeof(Slot));
    table->order = calloc(table->count + 1, sizeof(uint32_t));
    if (!table->slots || !table->order) return 0;
    for (uint32_t n = 0; n < table->count; n++) {
        const uint8_t *text = table->texts + table->start[n];
        uint32_t size = table->start[n + 1] - table->start[n];
        uint64_t bytes = eight(text, text + size);
        int anywhere = !begins_word(table, n);
        Slot *slot = slot_of(table, own_key(table, n));
        slot->key = own_key(table, n);
        slot->count++;
        SET(table->two[anywhere], bytes & 0xffff);
        if (size == 2) SET(table->exact[anywhere], bytes & 0xffff);
        if (size == 3) SET(table->exact3[anywhere], hash3(bytes & 0xffffff));
        SET(table->keys, hash_key(own_key(table, n)));
        if (size > 2) SET(table->three[anywhere], hash3(bytes & 0xffffff));
        const uint32_t four = (uint32_t)bytes | 0x20202020u;
        if (!anywhere && size == 2) SET(table->begun2, four & 0xffff);
        if (!anywhere && size == 3) SET(table->begun3, hash3(four & 0xffffff));
        if (!anywhere && size > 3) SET(table->begun4, hash4(four));
        if (anywhere && size > 2) SET(table->gate, hash3(four & 0xffffff));
        for (uint32_t third = 0; anywhere && size == 2 && third < 256; third++)
            SET(table->gate, hash3((four & 0xffff) | (third | 0x20) << 16));
        if (size > 3) SET(table->four[anywhere], hash4((uint32_t)bytes));
    }
    for (uint32_t n = 0; n < slots; n++) {
        table->slots[n].first = at;
        at += table->slots[n].count;
        table->slots[n].count = 0;
    }
    for (uint32_t n = 0; n < table->count; n++) {
        Slot *slot = slot_of(table, own_key(table, n));
        table->order[slot->first + slot->count++] = n;
    }
    return 1;
}

/* Whether what follows a hit can follow it. */
static int goes_on(const Table *table, int32_t way, const uint8_t *at, const uint8_t *stop) {
    const int32_t *sets = table->set_at + (size_t)way * PLACES;
    for (int place = 0; place < PLACES && sets[place]; place++, at++) {
        int c = at < stop ? *at : END;
        if (!table->allowed[(size_t)sets[place] * CHARS + (size_t)c]) return 0;
        if (c == 0 || c >= 128) return 1;
    }
    return 1;
}

static int is_bare_mac(const uint8_t *at, const uint8_t *row, const uint8_t *stop) {
    if (at == row && stop - at == 6) return 1;
    if (stop - at < 12) return 0;
    if (!alnum[at[6]] || at[6] == 'x' || at[6] == 'X') return 1;
    int all_hex = 1, all_digits = 1;
    for (int n = 0; n < 12; n++) {
        all_hex &= hex[at[n]];
        all_digits &= digit[at[n]];
    }
    return all_hex && !all_digits;
}

/* What a literal at a place says: HIT, ESCAPED or nothing. */
static int said(const Table *table, uint32_t number, const uint8_t *at, const uint8_t *row, const uint8_t *stop) {
    const uint8_t *text = table->texts + table->start[number];
    uint32_t size = table->start[number + 1] - table->start[number];
    int32_t flags = table->flags[number];
    if ((ptrdiff_t)size > stop - at) return 0;
    for (uint32_t n = 0; n < size; n++)
        if (low[at[n]] != text[n]) return 0;
    if (flags & ESCAPE) return ESCAPED;
    const uint8_t *end = at + size;
    if (at > row && alnum[at[-1]]) {
        if (flags & LEFT) return 0;
        if ((flags & LEFT_CHANGE) && kind[at[-1]] == kind[at[0]]) return 0;
    }
    if (end < stop && alnum[*end]) {
        if (flags & RIGHT) return 0;
        if ((flags & RIGHT_CHANGE) && kind[*end] == kind[end[-1]]) return 0;
    }
    if ((flags & BARE_MAC) && !is_bare_mac(at, row, stop)) return 0;
    if (table->longest[number] > 0) {
        const uint8_t *limit = at + table->longest[number];
        for (const uint8_t *next = end; next < stop && alnum[*next]; next++)
            if (next >= limit) return 0;
    }
    return goes_on(table, table->way[number], end, stop) ? HIT : 0;
}

static inline int lowest(uint64_t bits) {
#if defined(__GNUC__)
    return __builtin_ctzll(bits);
#else
    int n = 0;
    while (!(bits >> n & 1)) n++;
    return n;
#endif
}

static inline uint32_t held_at(uint32_t prefix) { return (prefix * 2654435761u) >> 16; }

static int is_held(const Table *table, uint32_t prefix) {
    uint32_t at = held_at(prefix);
    while (table->held[at] && table->held[at] != prefix + 1) at = (at + 1) & (HELD - 1);
    return table->held[at] != 0;
}

static inline uint32_t nibble(uint8_t c) { return (uint32_t)(digit[c] ? c - '0' : low[c] - 'a' + 10); }

/* Whether an address whose prefix is held begins here in a shape. */
static int has_shape(const Table *table, const Shape *shape, const uint8_t *at, const uint8_t *row, const uint8_t *stop) {
    uint32_t prefix = 0;
    uint8_t one = 0, nought = 0;
    int lettered = 0;
    const uint8_t *next = at;
    for (int n = 0; n < shape->size; n++) {
        const uint8_t wanted = shape->text[n];
        if (wanted == 'Z') {
            prefix <<= 4;
            continue;
        }
        if (next >= stop) return 0;
        uint8_t c = low[*next];
        if (wanted == 'N') {
            uint32_t number = 0;
            const uint8_t *first = next;
            while (next < stop && digit[*next] && next - first < 4) number = number * 10 + (uint32_t)(*next++ - '0');
            if (next == first || number > 255 || (*first == '0' && next - first > 1)) return 0;
            prefix = prefix << 8 | number;
            continue;
        }
        next++;
        if (wanted != 'X') {
            if (c != wanted) return 0;
            continue;
        }
        if (shape->asks & MISREAD) {
            uint8_t *same = c == '1' || c == 'l' || c == 'i' ? &one : c == '0' || c == 'o' ? &nought : NULL;
            if (same && *same && *same != c) return 0;
            if (same) {
                *same = c;
                c = same == &one ? '1' : '0';
            }
        }
        if (!hex[c]) return 0;
        lettered |= !digit[c];
        prefix = prefix << 4 | nibble(c);
    }
    if ((shape->asks & LETTERED) && !lettered) return 0;
    if (!is_held(table, shape->asks & TURNED ? prefix ^ 0x020000 : prefix)) return 0;
    return !(shape->asks & WHOLE) || is_bare_mac(at, row, stop);
}

/* Whether an address whose prefix is held begins at the beginning of a word. */
static inline int is_address(const Table *table, const uint8_t *at, const uint8_t *row, const uint8_t *stop) {
    if (part[*at]) return 0;
    uint32_t classes = 0;
    for (int n = 1; n < GATED; n++) classes |= (uint32_t)part[at + n < stop ? at[n] : END] << (2 * n);
    for (uint64_t left = table->opens[classes]; left; left &= left - 1)
        if (has_shape(table, &table->shape[lowest(left)], at, row, stop)) return 1;
    return 0;
}

/* Let a shape through the gate, whatever stands behind its end. */
static void gated(Table *table, uint32_t number, int place, int bytes, uint32_t classes) {
    const Shape *shape = &table->shape[number];
    while (place < shape->size && shape->text[place] == 'Z') place++;
    if (bytes == GATED) {
        table->opens[classes] |= 1ull << number;
    } else if (place == shape->size) {
        for (uint32_t any = 0; any < 4; any++) gated(table, number, place, bytes + 1, classes | any << (2 * bytes));
    } else if (shape->text[place] == 'N') {
        for (int size = 1; size <= 3; size++) /* digits are of class 0 */
            gated(table, number, place + 1, bytes + size < GATED ? bytes + size : GATED, classes);
    } else {
        const uint32_t class = shape->text[place] == 'X' ? 0 : part[shape->text[place]];
        gated(table, number, place + 1, bytes + 1, classes | class << (2 * bytes));
    }
}

/* Take shapes, each with its size and what it asks before it, and prefixes (uint32); whether they are such. */
static int addressed(Table *table, const uint8_t *shapes, size_t size, const uint32_t *prefixes, size_t count) {
    if (count > HELD / 2) return 0;
    for (size_t n = 0; n < count; n++) {
        if (prefixes[n] >> 24) return 0;
        if (is_held(table, prefixes[n])) continue;
        uint32_t at = held_at(prefixes[n]);
        while (table->held[at]) at = (at + 1) & (HELD - 1);
        table->held[at] = prefixes[n] + 1;
    }
    for (const uint8_t *one = shapes, *end = shapes + size; one < end; one += 2 + one[0]) {
        if (end - one < 3 || table->shapes == SHAPES || one[0] > SHAPE || end - one < 2 + one[0]) return 0;
        Shape *shape = &table->shape[table->shapes];
        shape->size = one[0], shape->asks = one[1];
        memcpy(shape->text, one + 2, one[0]);
        gated(table, table->shapes++, 0, 0, 0);
    }
    return 1;
}

/* What the literals that begin with some bytes say; `anywhere` chooses those that need no beginning of a word. */
static int looked_up(const Table *table, uint64_t bytes, int anywhere, const uint8_t *at, const uint8_t *row, const uint8_t *stop) {
    int found = 0;
    uint32_t most = (uint32_t)(stop - at < KEYED ? stop - at : KEYED);
    for (uint32_t size = 2; size <= most; size++) {
        if (size == 2 && !GET(table->exact[anywhere], bytes & 0xffff)) continue;
        if (size == 3) {
            if (!GET(table->three[anywhere], hash3(bytes & 0xffffff))) break;
            if (!GET(table->exact3[anywhere], hash3(bytes & 0xffffff))) continue;
        }
        if (size == 4 && !GET(table->four[anywhere], hash4((uint32_t)bytes))) break;
        if (!GET(table->keys, hash_key(key_of(bytes, size, anywhere)))) continue;
        const Slot *slot = slot_of(table, key_of(bytes, size, anywhere));
        for (uint32_t n = 0; n < slot->count; n++) {
            found |= said(table, table->order[slot->first + n], at, row, stop);
            if (found & HIT) return found;
        }
    }
    return found;
}

static int one_row(const Table *table, const uint8_t *row, const uint8_t *stop, const uint8_t *end) {
    int found = 0, before = 0;
    uint8_t seen = 0;
    uint32_t pair = row < stop ? (uint32_t)low[*row] << 8 : 0;
    for (const uint8_t *at = row; at < stop; at++) {
        uint8_t c = *at;
        int inside = alnum[c];
        seen |= c;
        pair = pair >> 8 | (uint32_t)(at + 1 < stop ? low[at[1]] : 0) << 8;
        if (inside > before) {
            uint64_t bytes = eight(at, end);
            if (GET(table->three[0], hash3(bytes & 0xffffff)) || GET(table->exact[0], bytes & 0xffff)) {
                found |= looked_up(table, bytes, 0, at, row, stop);
                if (found & HIT) return found;
            }
            if (is_address(table, at, row, stop)) return found | HIT;
        }
        if (GET(table->two[1], pair)) {
            uint64_t bytes = eight(at, end);
            if (GET(table->three[1], hash3(bytes & 0xffffff)) || GET(table->exact[1], pair)) {
                found |= looked_up(table, bytes, 1, at, row, stop);
                if (found & HIT) return found;
            }
        }
        before = inside;
    }
    return found | (seen >= 128 ? FOREIGN : 0);
}

static void freed(Table *table) {
    if (!table) return;
    free(table->texts), free(table->start), free(table->flags), free(table->longest), free(table->way);
    free(table->set_at), free(table->allowed), free(table->slots), free(table->order), free(table);
}

static const char NAME[] = "proscribe.literals";

static void forget(PyObject *capsule) { freed(PyCapsule_GetPointer(capsule, NAME)); }

/* A copy of a buffer of exactly so many bytes; NULL with an error set. */
static void *copied(PyObject *from, size_t size) {
    Py_buffer view;
    if (PyObject_GetBuffer(from, &view, PyBUF_SIMPLE) < 0) return NULL;
    void *made = NULL;
    if ((size_t)view.len != size) PyErr_SetString(PyExc_ValueError, "a table of another size");
    else if (!(made = malloc(size + 1))) PyErr_NoMemory();
    else memcpy(made, view.buf, size);
    PyBuffer_Release(&view);
    return made;
}

static int consistent(const Table *table) {
    for (uint32_t n = 0; n < table->count; n++) {
        if (table->start[n + 1] < table->start[n] + 2) return 0;
        if (table->way[n] < 0 || (uint32_t)table->way[n] >= table->ways) return 0;
    }
    for (uint32_t n = 0; n < table->ways * PLACES; n++)
        if (table->set_at[n] < 0 || (uint32_t)table->set_at[n] >= table->sets) return 0;
    return 1;
}

/* made(texts, starts, flags, longest, ways, set_at, allowed, shapes, prefixes): bytes of arrays as the Table holds them, and what
   `addressed` takes. */
static PyObject *made(PyObject *module, PyObject *args) {
    PyObject *texts, *starts, *flags, *longest, *way, *set_at, *allowed, *shapes, *prefixes;
    (void)module;
    if (!PyArg_ParseTuple(args, "OOOOOOOSS", &texts, &starts, &flags, &longest, &way, &set_at, &allowed, &shapes, &prefixes)) return NULL;
    Py_ssize_t text_size = PyObject_Size(texts), start_size = PyObject_Size(starts);
    Py_ssize_t way_size = PyObject_Size(set_at), set_size = PyObject_Size(allowed);
    if (text_size < 0 || start_size < 0 || way_size < 0 || set_size < 0) return NULL;
    if (start_size < 4 || start_size > (1 << 28) || text_size > (1 << 30)) {
        PyErr_SetString(PyExc_ValueError, "a table of another size");
        return NULL;
    }
    Table *table = calloc(1, sizeof(Table));
    if (!table) return PyErr_NoMemory();
    table->count = (uint32_t)(start_size / 4 - 1);
    table->ways = (uint32_t)(way_size / (4 * PLACES));
    table->sets = (uint32_t)(set_size / CHARS);
    size_t numbers = (size_t)table->count * 4;
    if (!(table->texts = copied(texts, (size_t)text_size)) || !(table->start = copied(starts, numbers + 4)) ||
        !(table->flags = copied(flags, numbers)) || !(table->longest = copied(longest, numbers)) ||
        !(table->way = copied(way, numbers)) || !(table->set_at = copied(set_at, (size_t)table->ways * PLACES * 4)) ||
        !(table->allowed = copied(allowed, (size_t)table->sets * CHARS))) {
        freed(table);
        return NULL;
    }
    if (table->start[0] != 0 || table->start[table->count] != (uint32_t)text_size || !consistent(table)) {
        freed(table);
        PyErr_SetString(PyExc_ValueError, "literals of other lengths than stated");
        return NULL;
    }
    uint8_t *shape = copied(shapes, (size_t)PyObject_Size(shapes));
    uint32_t *prefix = copied(prefixes, (size_t)PyObject_Size(prefixes));
    const int fits = shape && prefix && addressed(table, shape, (size_t)PyObject_Size(shapes), prefix, (size_t)PyObject_Size(prefixes) / 4);
    const int failed = !shape || !prefix;
    free(shape), free(prefix);
    if (!fits) {
        freed(table);
        if (!failed) PyErr_SetString(PyExc_ValueError, "shapes of addresses of another size than stated");
        return NULL;
    }
    if (!filled(table)) {
        freed(table);
        return PyErr_NoMemory();
    }
    PyObject *capsule = PyCapsule_New(table, NAME, forget);
    if (!capsule) freed(table);
    return capsule;
}

typedef struct {
    Py_buffer data, offsets, out;
    Py_ssize_t rows;
} Column;

static void released(Column *column) {
    PyBuffer_Release(&column->data);
    PyBuffer_Release(&column->offsets);
    PyBuffer_Release(&column->out);
}

/* Take bytes, offsets of rows (int64, one more than rows) and one byte for each row; offsets are checked. */
static int taken(PyObject *data, PyObject *offsets, PyObject *out, Column *column) {
    if (PyObject_GetBuffer(data, &column->data, PyBUF_SIMPLE) < 0) return 0;
    if (PyObject_GetBuffer(offsets, &column->offsets, PyBUF_SIMPLE) < 0) {
        PyBuffer_Release(&column->data);
        return 0;
    }
    if (PyObject_GetBuffer(out, &column->out, PyBUF_WRITABLE) < 0) {
        PyBuffer_Release(&column->data);
        PyBuffer_Release(&column->offsets);
        return 0;
    }
    const int64_t *at = column->offsets.buf;
    column->rows = column->offsets.len / 8 - 1;
    int good = column->rows >= 0 && column->offsets.len % 8 == 0 && column->out.len == column->rows && at[0] >= 0 &&
               at[column->rows] <= column->data.len;
    for (Py_ssize_t n = 0; good && n < column->rows; n++) good = at[n] <= at[n + 1];
    if (!good) {
        released(column);
        PyErr_SetString(PyExc_ValueError, "offsets that are none of this column");
    }
    return good;
}

/* rows(table, data, offsets, out): for each row HIT; where it is no hit, ESCAPED and FOREIGN too. */
static PyObject *rows(PyObject *module, PyObject *args) {
    PyObject *capsule, *data, *offsets, *out;
    Column column;
    (void)module;
    if (!PyArg_ParseTuple(args, "OOOO", &capsule, &data, &offsets, &out)) return NULL;
    const Table *table = PyCapsule_GetPointer(capsule, NAME);
    if (!table || !taken(data, offsets, out, &column)) return NULL;
    const uint8_t *bytes = column.data.buf;
    const int64_t *at = column.offsets.buf;
    uint8_t *flags = column.out.buf;
    Py_BEGIN_ALLOW_THREADS
    for (Py_ssize_t n = 0; n < column.rows; n++) flags[n] = (uint8_t)one_row(table, bytes + at[n], bytes + at[n + 1], bytes + column.data.len);
    Py_END_ALLOW_THREADS
    released(&column);
    Py_RETURN_NONE;
}

/* lettered(data, offsets, longest, out): 1 for each row with a letter, with a byte beyond ASCII, or as long as `longest`. */
static PyObject *lettered(PyObject *module, PyObject *args) {
    PyObject *data, *offsets, *out;
    Py_ssize_t longest;
    Column column;
    (void)module;
    if (!PyArg_ParseTuple(args, "OOnO", &data, &offsets, &longest, &out)) return NULL;
    if (!taken(data, offsets, out, &column)) return NULL;
    const uint8_t *bytes = column.data.buf;
    const int64_t *at = column.offsets.buf;
    uint8_t *flags = column.out.buf;
    Py_BEGIN_ALLOW_THREADS
    for (Py_ssize_t n = 0; n < column.rows; n++) {
        int found = at[n + 1] - at[n] >= longest;
        for (int64_t place = at[n]; !found && place < at[n + 1]; place++) found = bytes[place] >= 128 || kind[bytes[place]] > 1;
        flags[n] = (uint8_t)found;
    }
    Py_END_ALLOW_THREADS
    released(&column);
    Py_RETURN_NONE;
}

/* Lines of delimited text. */

/* What is asked of a column: its cells are looked into always, or only with a letter in them or as long as `longest`. */
enum { LOOK = 1, LOOK_IF_WORTH = 2, FIRST_CLASS = 2, CLASSES = 5, LAST_CLASS = 1 << (FIRST_CLASS + CLASSES - 1), NAMES = 128 };
/* Longer lines are read cell by cell; so many bytes without a blank may be something packed. */
enum { LONGEST_LINE = 8192, RUN = 16 };
enum { BROKEN = 0, READ = 1, ODD = 2 };

typedef struct {
    const Table *table;
    const uint8_t *end;      /* of all bytes */
    uint8_t delimiter;
    int quote;               /* -1 where nothing is quoted */
    const uint8_t *columns;  /* what is asked of each, and from bit FIRST_CLASS on the classes to which it belongs */
    const uint8_t *cells, *cells_end; /* cells of columns with NAMES that are kept: 0 for a beginning or 1, a size, the bytes */
    uint8_t opens[256];      /* for each byte, with how many bytes at most a cell can be one of these that begins with it */
    Py_ssize_t width, longest, id_column, site_column;
    uint8_t *id_bytes, *site_bytes; /* take the cells of one column each */
    Py_ssize_t id_size, site_size;
    /* of the record that is read: its columns, whether it is kept, what its filled columns are */
    Py_ssize_t column;
    int kept, held;
    int is_odd;              /* a line was blank, or a record takes more than one */
} Lines;

static inline int is_blank(uint8_t c) { return c == ' ' || (c >= 9 && c <= 13 && c != 11); }

static int runs_long(const uint8_t *from, const uint8_t *stop) {
    for (const uint8_t *last = from + RUN - 1; last < stop;) {
        const uint8_t *at = last;
        while (at > last - RUN && !is_blank(*at)) at--;
        if (at == last - RUN) return 1;
        last = at + RUN;
    }
    return 0;
}

static int begins(const uint8_t *from, const uint8_t *stop, const char *word) {
    ptrdiff_t size = (ptrdiff_t)strlen(word);
    return stop - from >= size && !memcmp(from, word, (size_t)size);
}

/* Whether `+` or `:` stands where something packed may be. */
static int is_packed(const uint8_t *at, const uint8_t *from, const uint8_t *stop) {
    if (*at == ':') return at - from >= 4 && !memcmp(at - 4, "data", 4);
    if (*at != '+' || stop - at < 9) return 0;
    for (int n = 1; n <= 8; n++)
        if (!alnum[at[n]] && at[n] != '+' && at[n] != '/') return 0;
    return 1;
}

static int is_asked(const Lines *lines, const uint8_t *from, const uint8_t *stop) {
    int asked = lines->columns[lines->column];
    if (asked & LOOK || stop - from >= lines->longest) return 1;
    for (; from < stop; from++)
        if (*from >= 128 || kind[*from] > 1) return 1;
    return 0;
}

static int is_told(const Lines *lines, const uint8_t *from, const uint8_t *stop) {
    if (from == stop || !lines->opens[*from] || (lines->opens[*from] < 255 && stop - from > lines->opens[*from])) return 0;
    for (const uint8_t *one = lines->cells; one < lines->cells_end; one += 2 + one[1])
        if ((*one ? stop - from == one[1] : stop - from >= one[1]) && !memcmp(one + 2, from, one[1])) return 1;
    return 0;
}

/* Take a cell, in which so many bytes may stand without a blank or not; whether its record had room for it. */
static inline int cell_taken(Lines *lines, const uint8_t *from, const uint8_t *stop, int may_run) {
    if (lines->column >= lines->width) return 0;
    if (lines->column == lines->id_column) {
        memcpy(lines->id_bytes + lines->id_size, from, (size_t)(stop - from));
        lines->id_size += stop - from;
    }
    if (lines->column == lines->site_column) {
        memcpy(lines->site_bytes + lines->site_size, from, (size_t)(stop - from));
        lines->site_size += stop - from;
    }
    if (stop > from) lines->held |= lines->columns[lines->column];
    if (!lines->kept && lines->columns[lines->column] & NAMES) lines->kept = is_told(lines, from, stop);
    if (!lines->kept && stop - from >= RUN)
        lines->kept = (*from == 'b' && begins(from, stop, "begin ")) || (*from == '=' && begins(from, stop, "=ybegin ")) || (may_run && runs_long(from, stop));
    lines->column++;
    return 1;
}

/* Which bytes of up to 64 are of a class, the first lowest. */
typedef struct {
    uint64_t border, quote, word, letter, sign, blank, other; /* `other`: beyond ASCII, or a control character but for the tab */
} Marks;

#if defined(__SSE2__)
static inline uint64_t four_masks(__m128i a, __m128i b, __m128i c, __m128i d) {
    return (uint64_t)(uint16_t)_mm_movemask_epi8(a) | (uint64_t)(uint16_t)_mm_movemask_epi8(b) << 16 |
           (uint64_t)(uint16_t)_mm_movemask_epi8(c) << 32 | (uint64_t)(uint16_t)_mm_movemask_epi8(d) << 48;
}

/* Whether bytes lie in a range of 7 bits; both ends are below 128. */
static inline __m128i between(__m128i bytes, char low_end, char high_end) {
    return _mm_and_si128(_mm_cmpgt_epi8(bytes, _mm_set1_epi8((char)(low_end - 1))), _mm_cmpgt_epi8(_mm_set1_epi8((char)(high_end + 1)), bytes));
}

static inline void marked(const uint8_t *at, uint8_t delimiter, uint8_t quote, Marks *marks) {
    __m128i bytes[4], border[4], quoted[4], word[4], letter[4], sign[4], blank[4], other[4];
    const __m128i comma = _mm_set1_epi8((char)delimiter), mark = _mm_set1_epi8((char)quote);
    for (int n = 0; n < 4; n++) {
        bytes[n] = _mm_loadu_si128((const __m128i *)(const void *)(at + 16 * n));
        border[n] = _mm_cmpeq_epi8(bytes[n], comma);
        quoted[n] = _mm_cmpeq_epi8(bytes[n], mark);
        letter[n] = between(_mm_or_si128(bytes[n], _mm_set1_epi8(32)), 'a', 'z');
        word[n] = _mm_or_si128(letter[n], between(bytes[n], '0', '9'));
        sign[n] = _mm_or_si128(_mm_cmpeq_epi8(bytes[n], _mm_set1_epi8('+')), _mm_cmpeq_epi8(bytes[n], _mm_set1_epi8(':')));
        /* bytes beyond ASCII are below zero here */
        const __m128i tab = _mm_cmpeq_epi8(bytes[n], _mm_set1_epi8('\t'));
        other[n] = _mm_andnot_si128(tab, _mm_cmpgt_epi8(_mm_set1_epi8(' '), bytes[n]));
        blank[n] = _mm_or_si128(tab, _mm_cmpeq_epi8(bytes[n], _mm_set1_epi8(' ')));
    }
    marks->border = four_masks(border[0], border[1], border[2], border[3]);
    marks->quote = four_masks(quoted[0], quoted[1], quoted[2], quoted[3]);
    marks->letter = four_masks(letter[0], letter[1], letter[2], letter[3]);
    marks->word = four_masks(word[0], word[1], word[2], word[3]);
    marks->sign = four_masks(sign[0], sign[1], sign[2], sign[3]);
    marks->blank = four_masks(blank[0], blank[1], blank[2], blank[3]);
    marks->other = four_masks(other[0], other[1], other[2], other[3]);
}
#else
static inline void marked(const uint8_t *at, uint8_t delimiter, uint8_t quote, Marks *marks) {
    memset(marks, 0, sizeof(Marks));
    for (int n = 0; n < 64; n++) {
        const uint64_t one = 1ull << n;
        const uint8_t c = at[n];
        if (c == delimiter) marks->border |= one;
        if (c == quote) marks->quote |= one;
        if (kind[c] > 1) marks->letter |= one;
        if (alnum[c]) marks->word |= one;
        if (c == '+' || c == ':') marks->sign |= one;
        if (c == ' ' || c == '\t') marks->blank |= one;
        if (c >= 128 || (c < ' ' && c != '\t')) marks->other |= one;
    }
}
#endif

enum { BLOCKS = LONGEST_LINE / 64 + 1, PADDING = 72 };

/* A line as it is read: where it stands, and the marks of its bytes. */
typedef struct {
    const uint8_t *from;
    ptrdiff_t size;
    int may_run; /* RUN bytes without a blank or a border */
    uint64_t border[BLOCKS], begun[BLOCKS], letter[BLOCKS], sign[BLOCKS];
} Line;

/* The marks of a block that lie between two places of the line. */
static inline uint64_t bits_of(const uint64_t *marks, ptrdiff_t block, ptrdiff_t from, ptrdiff_t stop) {
    uint64_t bits = marks[block];
    const ptrdiff_t base = block * 64;
    if (from > base) bits &= ~0ull << (from - base);
    if (stop < base + 64) bits &= (1ull << (stop - base)) - 1;
    return bits;
}

/* Eight bytes with bit 32 of each set, the first lowest. */
static inline uint64_t raised(const uint8_t *at) {
    uint64_t bytes = 0;
    if (IS_LITTLE) memcpy(&bytes, at, 8);
    else
        for (int n = 0; n < 8; n++) bytes |= (uint64_t)at[n] << (8 * n);
    return bytes | 0x2020202020202020ull;
}

/* Whether something that is looked for stands in a cell: not empty, and at least 8 bytes behind it can be read. */
static int is_hit(const Lines *lines, const Line *line, ptrdiff_t from, ptrdiff_t stop) {
    const Table *table = lines->table;
    const uint8_t *row = line->from + from, *last = line->from + stop;
    const ptrdiff_t first = from / 64, end = (stop - 1) / 64;
    for (ptrdiff_t block = first; block <= end; block++)
        for (uint64_t bits = bits_of(line->begun, block, from, stop); bits; bits &= bits - 1) {
            const uint8_t *at = line->from + block * 64 + lowest(bits);
            const uint32_t four = (uint32_t)raised(at);
            if (GET(table->begun4, hash4(four)) | GET(table->begun3, hash3(four & 0xffffff)) | GET(table->begun2, four & 0xffff))
                if (looked_up(table, eight(at, at + 8), 0, at, row, last)) return 1;
            if (is_address(table, at, row, last)) return 1;
        }
    for (const uint8_t *at = row; at < last - 1; at += 4) {
        const uint64_t bytes = raised(at);
        const uint32_t one = hash3(bytes & 0xffffff), two = hash3(bytes >> 8 & 0xffffff), three = hash3(bytes >> 16 & 0xffffff), four = hash3(bytes >> 24 & 0xffffff);
        int any = GET(table->gate, one) | GET(table->gate, two) << 1 | GET(table->gate, three) << 2 | GET(table->gate, four) << 3;
        for (; any; any &= any - 1) {
            const uint8_t *place = at + lowest((uint64_t)any);
            if (place < last - 1 && looked_up(table, eight(place, place + 8), 1, place, row, last)) return 1;
        }
    }
    return 0;
}

static inline int is_marked(const uint64_t *marks, ptrdiff_t from, ptrdiff_t stop) {
    for (ptrdiff_t block = from / 64; block <= (stop - 1) / 64; block++)
        if (bits_of(marks, block, from, stop)) return 1;
    return 0;
}

/* Take a cell of a line; whether its record had room for it. */
static int line_cell_taken(Lines *lines, const Line *line, ptrdiff_t from, ptrdiff_t stop) {
    if (!cell_taken(lines, line->from + from, line->from + stop, line->may_run)) return 0;
    if (lines->kept || stop == from) return 1;
    const int asked = lines->columns[lines->column - 1];
    for (ptrdiff_t block = from / 64; block <= (stop - 1) / 64; block++)
        for (uint64_t bits = bits_of(line->sign, block, from, stop); bits; bits &= bits - 1)
            if (is_packed(line->from + block * 64 + lowest(bits), line->from + from, line->from + stop)) {
                lines->kept = 1;
                return 1;
            }
    if (asked & LOOK || stop - from >= lines->longest || is_marked(line->letter, from, stop))
        lines->kept = is_hit(lines, line, from, stop);
    return 1;
}

/* Turn marks of quotes into marks of what lies within them, the first quote included; 1 where a quote is neither the first nor
   the last sign of a cell. */
static int is_oddly_quoted(const uint64_t *quotes, uint64_t *border, ptrdiff_t size) {
    uint64_t open = 0;               /* all bits where a cell in quotes goes on */
    int may_open = 1, must_end = 0;  /* of the byte behind the block before */
    for (ptrdiff_t block = 0; block * 64 < size; block++) {
        uint64_t within = quotes[block];
        for (int shift = 1; shift < 64; shift *= 2) within ^= within << shift;
        within ^= open;
        const ptrdiff_t rest = size - block * 64;
        const uint64_t outside = border[block] & ~within, opening = quotes[block] & within, closing = quotes[block] & ~within;
        const uint64_t ends = outside | (rest < 64 ? 1ull << rest : 0);
        if (opening & ~(outside << 1 | (uint64_t)may_open)) return 1;
        if (must_end && !(ends & 1)) return 1;
        if (closing << 1 & ~ends) return 1;
        border[block] = outside;
        open = within >> 63 ? ~0ull : 0;
        may_open = (int)(outside >> 63);
        must_end = (int)(closing >> 63) && rest > 64;
    }
    return open != 0;
}

/* Read a record on one line; ODD where its quotes are not plain or a carriage return stands in it, and nothing was taken.
   At least PADDING bytes behind the line can be read. */
static int line_read(Lines *lines, const uint8_t *from, const uint8_t *stop) {
    Line line;
    uint64_t quotes[BLOCKS], seen = 0, other = 0, before = 0, full = 0, runs = 0;
    line.from = from;
    line.size = stop - from;
    for (ptrdiff_t base = 0; base < line.size; base += 64) {
        Marks marks;
        marked(from + base, lines->delimiter, (uint8_t)(lines->quote < 0 ? '\n' : lines->quote), &marks);
        const ptrdiff_t block = base / 64;
        const uint64_t held = line.size - base < 64 ? (1ull << (line.size - base)) - 1 : ~0ull;
        line.border[block] = marks.border & held;
        quotes[block] = marks.quote & held;
        seen |= quotes[block];
        other |= marks.other & held;
        const uint64_t word = marks.word & held;
        line.begun[block] = word & ~(word << 1 | before);
        before = word >> 63;
        line.letter[block] = marks.letter & held;
        line.sign[block] = marks.sign & held;
        /* bits of this block and of the last RUN - 1 of the one before, halved until a bit stands for RUN of them */
        uint64_t none = held & ~(marks.blank | marks.border), run = none, left = full;
        for (int step = 1; step < RUN; step *= 2) {
            const uint64_t shifted = run << step | left >> (64 - step);
            left &= left << step;
            run &= shifted;
        }
        runs |= run;
        full = none;
    }
    if (other) {
        if (memchr(from, '\r', (size_t)line.size)) return ODD;
        lines->kept = 1;
    }
    line.may_run = runs != 0;
    if (seen && is_oddly_quoted(quotes, line.border, line.size)) return ODD;
    ptrdiff_t cell = 0;
    for (ptrdiff_t block = 0; block * 64 <= line.size; block++) {
        /* the end of the line is the border of its last cell */
        uint64_t bits = block * 64 < line.size ? line.border[block] : 0;
        if (line.size - block * 64 < 64) bits |= 1ull << (line.size - block * 64);
        for (; bits; bits &= bits - 1) {
            const ptrdiff_t end = block * 64 + lowest(bits);
            const int is_quoted = seen && end > cell && from[cell] == lines->quote;
            if (!line_cell_taken(lines, &line, cell + is_quoted, end - is_quoted)) return BROKEN;
            cell = end + 1;
        }
    }
    return READ;
}

/* Whether a cell keeps its record for what stands in it, looked into sign by sign. */
static int is_worth(const Lines *lines, const uint8_t *from, const uint8_t *stop) {
    const int found = one_row(lines->table, from, stop, lines->end);
    if (found & FOREIGN || (found && is_asked(lines, from, stop))) return 1;
    for (const uint8_t *sign = from; sign < stop; sign++)
        if ((*sign < ' ' && *sign != '\t') || is_packed(sign, from, stop)) return 1;
    return 0;
}

/* Read a record cell by cell, with cells in quotes; where the next begins, or NULL where the bytes are not plain. */
static const uint8_t *record_read(Lines *lines, const uint8_t *at) {
    const uint8_t *end = lines->end;
    for (;;) {
        const uint8_t *from = at, *stop;
        if (lines->quote >= 0 && at < end && *at == lines->quote) {
            from = ++at;
            while ((stop = memchr(at, lines->quote, (size_t)(end - at))) && stop + 1 < end && stop[1] == lines->quote) {
                at = stop + 2;
                lines->kept = 1;
            }
            if (!stop) return NULL;
            if (memchr(from, '\n', (size_t)(stop - from)) || memchr(from, '\r', (size_t)(stop - from))) lines->kept = lines->is_odd = 1;
            at = stop + 1;
        } else {
            for (; at < end && *at != lines->delimiter && *at != '\n' && *at != '\r'; at++)
                if (*at == lines->quote) lines->kept = 1;
            stop = at;
        }
        if (!lines->kept && lines->column < lines->width) lines->kept = is_worth(lines, from, stop);
        if (!cell_taken(lines, from, stop, 1)) return NULL;
        if (at < end && *at == '\r') {
            at++;
            if (at >= end || *at != '\n') return NULL;
        }
        if (at >= end) return end;
        if (*at == '\n') return at + 1;
        if (*at != lines->delimiter) return NULL;
        at++;
    }
}

static inline const uint8_t *next_read(Lines *lines, const uint8_t *at) {
    const uint8_t *stop = memchr(at, '\n', (size_t)(lines->end - at)), *next = stop ? stop + 1 : lines->end;
    if (!stop) stop = lines->end;
    else if (stop > at && stop[-1] == '\r') stop--;
    int how = ODD;
    if (stop - at <= LONGEST_LINE && lines->end - stop >= PADDING) how = line_read(lines, at, stop);
    else if (stop - at <= LONGEST_LINE) {
        uint8_t copy[LONGEST_LINE + PADDING];
        memcpy(copy, at, (size_t)(stop - at));
        memset(copy + (stop - at), 0, PADDING);
        how = line_read(lines, copy, copy + (stop - at));
    }
    return how == ODD ? record_read(lines, at) : how == READ ? next : NULL;
}

/* Take what keeps a record when it stands in a column with NAMES; 0 with an error set where its sizes do not fit. */
static int cells_told(Lines *lines, const Py_buffer *cells) {
    lines->cells = cells->buf;
    lines->cells_end = lines->cells + cells->len;
    for (const uint8_t *one = lines->cells; one < lines->cells_end; one += 2 + one[1]) {
        if (lines->cells_end - one <= 2 || !one[1] || lines->cells_end - one < 2 + one[1]) {
            PyErr_SetString(PyExc_ValueError, "cells of another size than stated");
            return 0;
        }
        const int most = *one ? one[1] : 255;
        if (lines->opens[one[2]] < most) lines->opens[one[2]] = (uint8_t)most;
    }
    return 1;
}

/* lines(table, data, delimiter, quote, columns, cells, longest, head, bare, id_column, counts, numbers, kept, id_ends, id_bytes,
         site_column, site_ends, site_bytes)

   `columns` asks something of each column, `cells` is what keeps a record when it stands in one with NAMES. The first `head`
   records are kept, the first `bare` ones without a cell of the last class, and those in which something may be said: their
   numbers, from 0 on, and their bytes. Of the others `counts` (int64) takes, class by class, how many hold a cell of it. Where
   `id_column` is one, its cells are copied, with the end of each (int32), and so are those of `site_column`. Gives the number of
   records, of those kept, of their bytes and of the bytes of ids and sites, and 1 unless every line is a record; None where the bytes have to be read another way. */
static PyObject *lines(PyObject *module, PyObject *args) {
    PyObject *capsule;
    Py_buffer data, columns, cells, counts, numbers, kept, ends, ids, site_ends, sites;
    Py_ssize_t delimiter, quote, longest, head, bare, id_column, site_column, records = 0, some = 0, size = 0;
    (void)module;
    if (!PyArg_ParseTuple(args, "Oy*nny*y*nnnnw*w*w*w*w*nw*w*", &capsule, &data, &delimiter, &quote, &columns, &cells, &longest, &head,
                          &bare, &id_column, &counts, &numbers, &kept, &ends, &ids, &site_column, &site_ends, &sites))
        return NULL;
    const Table *table = PyCapsule_GetPointer(capsule, NAME);
    const uint8_t *at = data.buf;
    Lines read = {.table = table, .end = at + data.len, .delimiter = (uint8_t)delimiter, .quote = (int)quote, .columns = columns.buf,
                  .width = columns.len, .longest = longest, .id_column = id_column, .id_bytes = ids.buf,
                  .site_column = site_column, .site_bytes = sites.buf};
    const int told = table && cells_told(&read, &cells);
    int64_t *number = numbers.buf, *count = counts.buf;
    int32_t *id_end = ends.buf, *site_end = site_ends.buf;
    Py_ssize_t most = numbers.len / 8;
    const int wanted = id_column >= 0, sited = site_column >= 0;
    int good = told;
    if (good && (delimiter < 1 || delimiter > 127 || alnum[delimiter & 127] || quote > 127 || quote == delimiter || data.len >= INT32_MAX || counts.len < 8 * CLASSES ||
                 kept.len < data.len || (wanted && (ends.len / 4 < most || ids.len < data.len)) ||
                 (sited && (site_ends.len / 4 < most || sites.len < data.len)))) {
        PyErr_SetString(PyExc_ValueError, "room for other lines than these");
        good = 0;
    }
    int plain = good;
    if (good) {
        Py_BEGIN_ALLOW_THREADS
        while (plain && at < read.end) {
            if (*at == '\n' || (*at == '\r' && at + 1 < read.end && at[1] == '\n')) {
                at += *at == '\n' ? 1 : 2;
                read.is_odd = 1;
                continue;
            }
            read.column = read.held = 0;
            read.kept = records < head;
            const uint8_t *next = next_read(&read, at);
            plain = next && read.column == read.width && records < most;
            if (!plain) break;
            if (bare > 0 && !(read.held & LAST_CLASS)) bare--, read.kept = 1;
            if (read.kept) {
                number[some++] = records;
                memcpy((uint8_t *)kept.buf + size, at, (size_t)(next - at));
                size += next - at;
            } else {
                for (int one = 0; one < CLASSES; one++) count[one] += read.held >> (FIRST_CLASS + one) & 1;
            }
            if (wanted) id_end[records] = (int32_t)read.id_size;
            if (sited) site_end[records] = (int32_t)read.site_size;
            records++;
            at = next;
        }
        Py_END_ALLOW_THREADS
    }
    PyBuffer_Release(&data), PyBuffer_Release(&columns), PyBuffer_Release(&cells), PyBuffer_Release(&counts), PyBuffer_Release(&numbers);
    PyBuffer_Release(&kept), PyBuffer_Release(&ends), PyBuffer_Release(&ids);
    PyBuffer_Release(&site_ends), PyBuffer_Release(&sites);
    if (!good) return NULL;
    if (!plain) Py_RETURN_NONE;
    return Py_BuildValue("nnnnni", records, some, size, read.id_size, read.site_size, read.is_odd);
}

enum { FILLED = 1, KEPT = 2 };

/* Say of cells that stand one behind the other, together no longer than a line, what `cells` says of each. */
static void cells_read(Lines *lines, const uint8_t *from, const int64_t *at, Py_ssize_t count, uint8_t *out) {
    Line line = {.from = from, .size = at[count] - at[0], .may_run = 1};
    uint64_t other[BLOCKS], before = 0;
    for (ptrdiff_t block = 0; block * 64 < line.size; block++) {
        Marks marks;
        marked(from + block * 64, 0, 0, &marks);
        line.begun[block] = marks.word & ~(marks.word << 1 | before);
        before = marks.word >> 63;
        line.letter[block] = marks.letter;
        line.sign[block] = marks.sign;
        other[block] = marks.other;
    }
    for (Py_ssize_t n = 0; n < count; n++) {
        const ptrdiff_t first = at[n] - at[0], stop = at[n + 1] - at[0];
        out[n] = 0;
        if (first == stop) continue;
        /* the cell before may end with a letter */
        if (alnum[from[first]]) line.begun[first / 64] |= 1ull << (first % 64);
        lines->column = 0;
        lines->kept = is_marked(other, first, stop);
        line_cell_taken(lines, &line, first, stop);
        out[n] = (uint8_t)(FILLED | (lines->kept ? KEPT : 0));
    }
}

/* cells(table, data, offsets, asked, cells, longest, out): for each cell of a column of which `asked` is asked, FILLED where
   something stands in it, and KEPT where `lines` would keep the record for it. */
static PyObject *cells(PyObject *module, PyObject *args) {
    PyObject *capsule, *data, *offsets, *out;
    Py_buffer told;
    Py_ssize_t longest;
    unsigned char asked;
    Column column;
    (void)module;
    if (!PyArg_ParseTuple(args, "OOOby*nO", &capsule, &data, &offsets, &asked, &told, &longest, &out)) return NULL;
    Lines read = {.table = PyCapsule_GetPointer(capsule, NAME), .quote = -1, .columns = &asked, .width = 1, .longest = longest, .id_column = -1, .site_column = -1};
    const int good = read.table && cells_told(&read, &told) && taken(data, offsets, out, &column);
    if (good) {
        const int64_t *at = column.offsets.buf;
        uint8_t *flags = column.out.buf;
        const uint8_t *bytes = column.data.buf;
        read.end = bytes + column.data.len;
        Py_BEGIN_ALLOW_THREADS
        for (Py_ssize_t n = 0, next; n < column.rows; n = next) {
            for (next = n; next < column.rows && at[next + 1] - at[n] <= LONGEST_LINE;) next++;
            const uint8_t *from = bytes + at[n], *stop = bytes + at[next];
            if (next == n) {
                /* one cell that is longer than a line */
                stop = bytes + at[++next];
                read.column = 0;
                read.kept = is_worth(&read, from, stop);
                cell_taken(&read, from, stop, 1);
                flags[n] = (uint8_t)(FILLED | (read.kept ? KEPT : 0));
            } else if (read.end - stop >= PADDING) cells_read(&read, from, at + n, next - n, flags + n);
            else {
                uint8_t copy[LONGEST_LINE + PADDING];
                memcpy(copy, from, (size_t)(stop - from));
                memset(copy + (stop - from), 0, PADDING);
                cells_read(&read, copy, at + n, next - n, flags + n);
            }
        }
        Py_END_ALLOW_THREADS
        released(&column);
    }
    PyBuffer_Release(&told);
    if (!good) return NULL;
    Py_RETURN_NONE;
}

static PyMethodDef METHODS[] = {
    {"made", made, METH_VARARGS, "Make a table of literals."},
    {"rows", rows, METH_VARARGS, "Tell for each row whether it holds a literal."},
    {"lines", lines, METH_VARARGS, "Keep the lines of delimited text in which something may be said."},
    {"cells", cells, METH_VARARGS, "Tell of each cell whether lines would be kept for it."},
    {"lettered", lettered, METH_VARARGS, "Tell for each row whether it holds a letter or is long."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef MODULE = {PyModuleDef_HEAD_INIT, "_literals", NULL, -1, METHODS, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__literals(void) {
    fill_classes();
    return PyModule_Create(&MODULE);
}
