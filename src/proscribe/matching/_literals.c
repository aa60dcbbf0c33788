/* Which rows of a text column hold a literal: the loop of scanner.py, for whole columns.

   The rules of what counts as a hit stand in scanner.py, which is also the oracle: tests/matching/test_compiled.py holds this
   file to it. Bytes in, flags out; nothing here knows what is looked for or why. Limited API, no state but the table. */
#define Py_LIMITED_API 0x030B0000
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { LEFT = 1, RIGHT = 2, BARE_MAC = 4, LEFT_CHANGE = 8, RIGHT_CHANGE = 16, ESCAPE = 32 };
enum { HIT = 1, ESCAPED = 2, FOREIGN = 4 };
enum { PLACES = 6, END = 256, CHARS = 257, KEYED = 6 };

typedef struct {
    uint64_t key;      /* first bytes and how many they are; 0 for a free slot */
    uint32_t first, count;
} Slot;

typedef struct {
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
    uint8_t keys[1 << 18]; /* keys that have a slot; smaller than the slots, and so nearer */
} Table;

static uint8_t low[256], alnum[256], hex[256], digit[256], kind[256];

static void fill_classes(void) {
    for (int c = 0; c < 256; c++) {
        int up = c >= 'A' && c <= 'Z', down = c >= 'a' && c <= 'z';
        low[c] = (uint8_t)(up ? c + 32 : c);
        digit[c] = c >= '0' && c <= '9';
        alnum[c] = (uint8_t)(digit[c] || up || down);
        hex[c] = (uint8_t)(digit[c] || (low[c] >= 'a' && low[c] <= 'f'));
        kind[c] = (uint8_t)(digit[c] ? 1 : up ? 2 : down ? 3 : 0);
    }
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

/* made(texts, starts, flags, longest, ways, set_at, allowed): bytes of arrays as the Table holds them. */
static PyObject *made(PyObject *module, PyObject *args) {
    PyObject *texts, *starts, *flags, *longest, *way, *set_at, *allowed;
    (void)module;
    if (!PyArg_ParseTuple(args, "OOOOOOO", &texts, &starts, &flags, &longest, &way, &set_at, &allowed)) return NULL;
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

static PyMethodDef METHODS[] = {
    {"made", made, METH_VARARGS, "Make a table of literals."},
    {"rows", rows, METH_VARARGS, "Tell for each row whether it holds a literal."},
    {"lettered", lettered, METH_VARARGS, "Tell for each row whether it holds a letter or is long."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef MODULE = {PyModuleDef_HEAD_INIT, "_literals", NULL, -1, METHODS, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__literals(void) {
    fill_classes();
    return PyModule_Create(&MODULE);
}
