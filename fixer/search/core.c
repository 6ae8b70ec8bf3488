/* The search itself, for machines with a compiler: windows, keys, look-up, first bounds and alignment in one go.
 *
 * What comes out is what latin.py and han.py have from numpy, to the last bit: the same sums in the same order, in floats
 * of 32 bits, compiled without contraction. tests/search/test_core.py compares the two. Memory is all the caller's.
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define MIX 0x9E3779B97F4A7C15ull
#define LONGEST_KEY 64
#define MOST_KEYS (1 + LONGEST_KEY + LONGEST_KEY * LONGEST_KEY / 2)
#define LONGEST_ROW 256
#define LONGEST_READING 60
#define READINGS 3
#define LOOKED_UP 2
#define KEPT_BITS 16
#define AHEAD 8
#define TOGETHER 64
#define FAR 99.0f
#define ROUNDING 1e-3f
#ifndef FIXER_SOURCE
#define FIXER_SOURCE ""
#endif

/* A hash of this file, so that what was made from another one is not taken. */
const char *fixer_source(void) { return FIXER_SOURCE; }

typedef struct {
    const uint64_t *keys;
    const int32_t *begin, *values, *first;
    const uint8_t *maybe;
    int32_t filter, bucket;
} Table;

typedef struct { /* how a row of some length is looked up, one of several ways */
    int32_t used, from_end, length, deletes, skip_whole, codes;
    const uint64_t *random;
} Way;

static inline uint64_t prepared(const Table *t, uint64_t hash) { /* the memory is asked before it is needed */
    uint64_t key = hash * MIX;
    __builtin_prefetch(&t->maybe[key >> t->filter >> 3]);
    return key;
}

/* Where the values of keys begin and end in a table, for those of them that are there; how many are. Step by step for
 * all, so that memory is on its way while the others are seen to. */
static int found(const Table *t, const uint64_t *keys, int many, int32_t *begin, int32_t *end) {
    uint64_t some[MOST_KEYS];
    int32_t at[MOST_KEYS];
    int count = 0, kept = 0;
    for (int k = 0; k < many; k++) {
        uint64_t upper = keys[k] >> t->filter;
        if (!(t->maybe[upper >> 3] >> (upper & 7) & 1)) continue;
        __builtin_prefetch(&t->first[keys[k] >> t->bucket]);
        some[count++] = keys[k];
    }
    for (int k = 0; k < count; k++) {
        at[k] = t->first[some[k] >> t->bucket];
        __builtin_prefetch(&t->keys[at[k]]);
    }
    for (int k = 0; k < count; k++) {
        int32_t last = t->first[(some[k] >> t->bucket) + 1], place = at[k];
        while (place < last && t->keys[place] != some[k]) place++;
        if (place == last) continue;
        __builtin_prefetch(&t->begin[place]);
        at[kept++] = place;
    }
    for (int k = 0; k < kept; k++) {
        begin[k] = t->begin[at[k]], end[k] = t->begin[at[k] + 1];
        __builtin_prefetch(&t->values[begin[k]]);
    }
    return kept;
}

/* Keys of codes looked up in one way: of all of them, then with one place left out, then with two. */
static int keys_of(const Table *t, const Way *way, const uint16_t *code, uint64_t *keys) {
    uint64_t sums[3][LONGEST_KEY + 1];
    int length = way->length, count = 0;
    for (int s = 0; s <= way->deletes; s++) {
        sums[s][0] = 0;
        for (int k = 0; k < length; k++)
            sums[s][k + 1] = sums[s][k] + (k >= s ? way->random[(int64_t)(k - s) * way->codes + code[k]] : 0);
    }
    if (!way->skip_whole) keys[count++] = prepared(t, sums[0][length] + (uint64_t)length * MIX);
    if (way->deletes > 0 && length > 1)
        for (int i = 0; i < length; i++)
            keys[count++] =
                prepared(t, sums[0][i] + sums[1][length] - sums[1][i + 1] + (uint64_t)(length - 1) * MIX);
    if (way->deletes > 1 && length > 2)
        for (int i = 0; i < length; i++)
            for (int j = i + 1; j < length; j++)
                keys[count++] = prepared(t, sums[0][i] + (sums[1][j] - sums[1][i + 1]) +
                                                (sums[2][length] - sums[2][j + 1]) + (uint64_t)(length - 2) * MIX);
    return count;
}

/* ------------------------------------------------------------ names in Latin letters */

/* What was found goes into columns of some capacity, window after window. Where one does not fit, `row` says which, and
 * the caller comes again with more room. Stamps (`met`) say which window met something last; every call has its own, from
 * `stamp` on, so that what earlier calls left behind means nothing. What is asked of a name together stands together, so
 * that it is in one line of memory. */

typedef struct { /* what shows of a row of codes at a glance: which are in it, what it weighs, how long it is and where */
    uint64_t all;
    float weight, length;
    int32_t start, size, form, met; /* of a name's reading also its form, and what reading of a window met it last */
} Glance;

typedef struct { /* and of its head and tail, of `part` codes each; apart, for most rows are not asked for them */
    uint64_t head, tail;
    float part, none;
} Ends;

typedef struct { /* what phones cost, and the bits that stand for them */
    const float *cost, *skip; /* of one for another, and of each left out */
    int64_t codes;
    const int64_t *whole_skip; /* 2**26 times as much */
    const int64_t *bit, *most; /* code -> its first bit, and how often it counts */
} Costs;

/* Which codes are in a row: the first of a code its own bit, the next ones those above it. */
static uint64_t set_of(const uint8_t *row, int64_t length, const int64_t *bit, const int64_t *most) {
    uint64_t found = 0;
    for (int64_t k = 0; k < length; k++) {
        int64_t first = bit[row[k]], left = most[row[k]];
        while (left > 1 && found >> first & 1) first++, left--;
        found |= 1ull << first;
    }
    return found;
}

static void glance_at(const uint8_t *row, int64_t length, const Costs *costs, Glance *out) {
    int64_t whole = 0;
    for (int64_t k = 0; k < length; k++) whole += costs->whole_skip[row[k]];
    out->all = set_of(row, length, costs->bit, costs->most);
    out->weight = (float)((double)whole / 67108864.0), out->length = (float)length;
    out->size = (int32_t)length;
}

static void ends_at(const uint8_t *row, int64_t length, const Costs *costs, Ends *ends) {
    int64_t part = (length * 3 + 4) / 5; /* 60 %, so that both ends hold the middle */
    ends->head = set_of(row, part, costs->bit, costs->most);
    ends->tail = set_of(row + length - part, part, costs->bit, costs->most);
    ends->part = (float)part, ends->none = 0.0f;
}

/* What shows of many rows. */
void fixer_glances(const uint8_t *flat, const int32_t *start, int64_t count, const Costs *costs, Glance *out,
                   Ends *ends) {
    for (int64_t k = 0; k < count; k++) {
        glance_at(flat + start[k], start[k + 1] - start[k], costs, out + k);
        ends_at(flat + start[k], start[k + 1] - start[k], costs, ends + k);
        out[k].start = start[k];
    }
}

/* Weighted edit distance of two rows; FAR above `most`. */
static float apart(const uint8_t *a, int m, const uint8_t *b, int n, float most, const Costs *costs) {
    float row[LONGEST_ROW + 1], least = 0.0f;
    const float *skip = costs->skip;
    row[0] = 0.0f;
    for (int y = 0; y < n; y++) row[y + 1] = row[y] + skip[b[y]];
    for (int x = 0; x < m && least <= most; x++) {
        const float *cost = costs->cost + (int64_t)a[x] * costs->codes;
        float skip_a = skip[a[x]], diagonal = row[0], beside = row[0] + skip_a;
        row[0] = least = beside;
        for (int y = 0; y < n; y++) {
            float step = cost[b[y]] + diagonal, above = row[y + 1] + skip_a;
            diagonal = row[y + 1];
            step = above < step ? above : step;
            beside = beside + skip[b[y]];
            beside = step < beside ? step : beside;
            row[y + 1] = beside;
            least = beside < least ? beside : least;
        }
    }
    return least <= most && row[n] <= most ? row[n] : FAR;
}

typedef float Four __attribute__((vector_size(16)));
typedef int32_t FourWhole __attribute__((vector_size(16)));

static inline Four least_of(Four a, Four b) {
    FourWhole less = a < b;
    return (Four)(((FourWhole)a & less) | ((FourWhole)b & ~less));
}

/* Weighted edit distances of one row and four others, of up to LONGEST_READING, as `apart` has them: one after the other
 * the processor would wait for each cell before it could begin the next. */
static void four_apart(const uint8_t *a, int m, const uint8_t *const *b, const int *n, Four most, const Costs *costs,
                       float *gap) {
    uint8_t code[LONGEST_READING][4];
    Four row[LONGEST_READING + 1], skip[LONGEST_READING], least;
    int longest = 0;
    for (int k = 0; k < 4; k++) longest = n[k] > longest ? n[k] : longest;
    row[0] = (Four){0.0f, 0.0f, 0.0f, 0.0f};
    for (int y = 0; y < longest; y++) {
        for (int k = 0; k < 4; k++) code[y][k] = y < n[k] ? b[k][y] : (uint8_t)(costs->codes - 1); /* no phone at all */
        for (int k = 0; k < 4; k++) skip[y][k] = costs->skip[code[y][k]];
        row[y + 1] = row[y] + skip[y];
    }
    for (int x = 0; x < m; x++) {
        const float *cost = costs->cost + (int64_t)a[x] * costs->codes;
        float one = costs->skip[a[x]];
        Four skip_a = {one, one, one, one}, diagonal = row[0], beside = row[0] + skip_a;
        row[0] = least = beside;
        for (int y = 0; y < longest; y++) {
            const uint8_t *c = code[y];
            Four step = (Four){cost[c[0]], cost[c[1]], cost[c[2]], cost[c[3]]} + diagonal;
            diagonal = row[y + 1];
            step = least_of(diagonal + skip_a, step);
            beside = row[y + 1] = least_of(step, beside + skip[y]);
            least = least_of(beside, least);
        }
        FourWhole alive = least <= most;
        if (!(alive[0] | alive[1] | alive[2] | alive[3])) break;
    }
    for (int k = 0; k < 4; k++) gap[k] = row[n[k]][k] <= most[k] ? row[n[k]][k] : FAR;
}

/* Weighted edit distances of rows; FAR above their limit. */
void fixer_align(const uint8_t *left, const int64_t *left_start, const int64_t *i, const uint8_t *right,
                 const int64_t *right_start, const int64_t *j, const float *limit, int64_t count, const Costs *costs,
                 float *gap) {
    for (int64_t pair = 0; pair < count; pair++) {
        const int64_t *from = left_start + i[pair], *to = right_start + j[pair];
        gap[pair] =
            apart(left + from[0], (int)(from[1] - from[0]), right + to[0], (int)(to[1] - to[0]), limit[pair], costs);
    }
}

/* Weighted edit distance of two rows in floats of 64 bits, as language/phones.py has it; b has up to LONGEST_ROW. */
double fixer_distance(const uint8_t *a, int64_t m, const uint8_t *b, int64_t n, const double *cost, const double *skip,
                      int64_t codes) {
    double row[LONGEST_ROW + 1];
    row[0] = 0.0;
    for (int64_t y = 0; y < n; y++) row[y + 1] = row[y] + skip[b[y]];
    for (int64_t x = 0; x < m; x++) {
        double diagonal = row[0], skip_a = skip[a[x]];
        row[0] = diagonal + skip_a;
        for (int64_t y = 0; y < n; y++) {
            double best = diagonal + cost[a[x] * codes + b[y]], above = row[y + 1] + skip_a;
            double beside = row[y] + skip[b[y]];
            diagonal = row[y + 1];
            best = above < best ? above : best;
            row[y + 1] = beside < best ? beside : best;
        }
    }
    return row[n];
}

typedef struct {
    Table sound, letters, consonants;
    const Way *deep, *medium, *shallow, *deep_letters, *medium_letters, *consonant_ways;
    const uint8_t *phones; /* of all readings */
    const int32_t *first_reading; /* form -> */
    const Ends *ends_of;          /* reading -> */
    const uint64_t *letters_of; /* form -> which letters are in it */
    const float *letter_count;
    const uint32_t *folded; /* of all forms */
    const int32_t *folded_start;
    const int32_t *acronyms; /* forms that are such */
    const uint8_t *class_of, *consonant_of; /* phone -> coarse class; class as a consonant, 0 for a vowel */
    const int64_t *letter_bit, *letter_most;
    Costs costs;
    int64_t acronym_count, forms;
    int32_t wide;
    float unlike, common[2], ends[2], longer; /* what readings must have in common */
    float letter_share, hope, not_hope, floor, least, acronym_floor;
} LatinNames;

typedef struct { /* words of a text, units that are words, and windows of units */
    const uint8_t *letters, *phones, *alone;
    const uint32_t *folded;
    const int32_t *letters_start, *folded_start; /* word -> */
    const int32_t *first_way, *phones_start;     /* word -> its ways to be said -> their phones */
    const int32_t *first_alone, *alone_start;    /* the same where nothing else is said with it */
    const int32_t *word;                         /* unit -> */
    const int32_t *first, *end;                  /* window -> units */
    const uint8_t *flags;
    int64_t rows;
    uint8_t *said; /* room for four readings, letters and text of the longest window */
    uint16_t *codes;
    uint32_t *text;
    int32_t *row; /* and for a row as long as the longest form */
    int64_t room;
} LatinText;

enum { DEEP = 1, CONSONANTS = 2, ACRONYM = 4, FOREIGN = 8 };

typedef struct { /* codes that were looked up, and where what they met stands */
    uint64_t hash;
    int32_t begin, count;
} Slot;

typedef struct { /* what codes met that were looked up before, by a hash of them */
    Slot *slots;
    int32_t *all, *met;
    int64_t used, room, stamp, values; /* values: what a table can hold at the most */
} Kept;

typedef struct {
    int64_t row, count, capacity, stamp, *window, *form;
    float *sound, *spelling;
    int32_t *form_met, *spelling_met; /* the last window that met it */
    int32_t *some;                    /* room for all forms */
    Glance *readings;                 /* of the names */
    Kept *kept;
    const uint8_t *enough; /* phones that two readings must have in common, by their length together */
} LatinFound;

typedef struct { /* one window */
    const uint8_t *said[READINGS];
    int length[READINGS], readings, with_ends; /* with_ends: readings of which the ends are known, a bit each */
    Glance seen[READINGS];
    Ends ends[READINGS];
    uint64_t letters, ascii[128]; /* where each letter stands */
    int letter_count, text_length, few; /* few: of at most 64 letters, so that a word of bits holds their places */
    int32_t number, count;
} Window;

/* Share that so many codes in common are of two rows, by their length together. */
static inline float share_of(int common, float length) { return (float)common * 2.0f / (length > 1.0f ? length : 1.0f); }

static inline float share(uint64_t a, uint64_t b, float m, float n) {
    return share_of(__builtin_popcountll(a & b), m + n);
}

/* Which of the bounds holds for two readings together so long. */
static inline int bound_of(const LatinNames *names, float length) { return names->wide || !(length >= names->longer); }

/* How many phones two readings must have in common, by their length together. */
static void count_enough(const LatinNames *names, uint8_t *enough) {
    for (int length = 0; length <= 2 * LONGEST_READING; length++) {
        int least = 0;
        while (!(share_of(least, (float)length) >= names->common[bound_of(names, (float)length)])) least++;
        enough[length] = (uint8_t)least;
    }
}

/* Whether what reading k of a window and one of a name have in common is at both ends, too. */
static inline int has_near_ends(const LatinNames *names, const Window *window, int k, const Glance *r,
                                int32_t reading) {
    if (names->wide) return 1;
    const Ends *le = window->ends + k, *re = names->ends_of + reading;
    return share(le->head, re->head, le->part, re->part) + share(le->tail, re->tail, le->part, re->part) >=
           names->ends[bound_of(names, window->seen[k].length + r->length)];
}

/* Whether the two have enough in common to be compared code by code. */
static inline int is_near(const LatinNames *names, const Window *window, int k, const Glance *r, int32_t reading) {
    const Glance *l = window->seen + k;
    return fabsf(l->weight - r->weight) <= names->unlike * (l->weight + r->weight) &&
           share(l->all, r->all, l->length, r->length) >= names->common[bound_of(names, l->length + r->length)] &&
           has_near_ends(names, window, k, r, reading);
}

/* Puts the phones of words together, each in its way of some rank, but for one in a way of its own. */
static int say(const LatinText *text, int64_t first, int64_t end, int rank, int64_t other, int way, uint8_t *out) {
    int length = 0;
    for (int64_t unit = first; unit < end; unit++) {
        const int32_t *ways = text->first_way + text->word[unit];
        int many = ways[1] - ways[0], which = unit == other ? way : rank;
        if (!many) continue;
        const int32_t *phones = text->phones_start + ways[0] + (which < many ? which : many - 1);
        memcpy(out + length, text->phones + phones[0], phones[1] - phones[0]);
        length += phones[1] - phones[0];
    }
    return length;
}

/* Takes a reading in unless it is there already; says whether there is room for more. */
static int take(Window *window, uint8_t *out, int length) {
    for (int k = 0; k < window->readings; k++)
        if (window->length[k] == length && !memcmp(window->said[k], out, length)) return 1;
    window->said[window->readings] = out;
    window->length[window->readings++] = length;
    return window->readings < READINGS;
}

#define NEXT (text->said + window->readings * text->room)

/* The likeliest ways to say a window: every word as usual; all in their second way, then the third; then one word at a
 * time in another way. */
static void readings_of(const LatinText *text, int64_t first, int64_t end, Window *window) {
    int spoken = 0, most = 0;
    int64_t only = first;
    window->readings = 0;
    for (int64_t unit = end - 1; unit >= first; unit--) {
        const int32_t *ways = text->first_way + text->word[unit];
        if (ways[1] > ways[0]) spoken++, only = unit;
        if (ways[1] - ways[0] > most) most = ways[1] - ways[0];
    }
    if (spoken < 2) {
        const int32_t *alone = text->first_alone + text->word[only];
        for (int32_t k = alone[0]; k < alone[1] && window->readings < READINGS; k++) {
            window->said[window->readings] = text->alone + text->alone_start[k];
            window->length[window->readings++] = text->alone_start[k + 1] - text->alone_start[k];
        }
    } else {
        int more = take(window, NEXT, say(text, first, end, 0, -1, 0, NEXT));
        for (int rank = 1; more && rank < most && rank < 3; rank++)
            more = take(window, NEXT, say(text, first, end, rank, -1, 0, NEXT));
        for (int64_t unit = first; more && unit < end; unit++) {
            const int32_t *ways = text->first_way + text->word[unit];
            for (int way = 1; more && way < ways[1] - ways[0]; way++)
                more = take(window, NEXT, say(text, first, end, 0, unit, way, NEXT));
        }
        int kept = 0;
        for (int k = 0; k < window->readings; k++)
            if (window->length[k]) window->said[kept] = window->said[k], window->length[kept++] = window->length[k];
        window->readings = kept;
    }
    if (!window->readings) window->said[0] = text->said, window->length[0] = 0, window->readings = 1;
    for (int k = 0; k < window->readings; k++)
        if (window->length[k] > LONGEST_READING) window->length[k] = LONGEST_READING;
}

/* Letters and text of a window, and where in it each letter stands. */
static void spell(const LatinNames *names, const LatinText *text, int64_t first, int64_t end, Window *window) {
    int letters = 0, length = 0;
    uint8_t *out = text->said + READINGS * text->room;
    for (int64_t unit = first; unit < end; unit++) {
        int32_t word = text->word[unit];
        for (int32_t k = text->letters_start[word]; k < text->letters_start[word + 1]; k++)
            text->codes[letters] = out[letters] = text->letters[k], letters++;
        for (int32_t k = text->folded_start[word]; k < text->folded_start[word + 1]; k++)
            text->text[length++] = text->folded[k];
    }
    window->letters = set_of(out, letters, names->letter_bit, names->letter_most);
    window->letter_count = letters, window->text_length = length, window->few = length <= 64;
    memset(window->ascii, 0, sizeof window->ascii);
    for (int k = 0; k < length && window->few; k++)
        if (text->text[k] < 128) window->ascii[text->text[k]] |= 1ull << k;
}

/* Letters that a window and a form have in common, in order. */
static int common_letters(const LatinText *text, const Window *window, const uint32_t *form, int length) {
    if (window->few) { /* Hyyrö's way: the places of a row of the table are bits of a word */
        uint64_t left = ~0ull;
        for (int y = 0; y < length; y++) {
            uint64_t at = 0;
            if (form[y] < 128)
                at = window->ascii[form[y]];
            else
                for (int k = 0; k < window->text_length; k++) at |= (uint64_t)(text->text[k] == form[y]) << k;
            uint64_t both = left & at;
            left = (left + both) | (left - both);
        }
        return __builtin_popcountll(window->text_length < 64 ? ~left & ((1ull << window->text_length) - 1) : ~left);
    }
    memset(text->row, 0, (length + 1) * sizeof *text->row);
    for (int x = 0; x < window->text_length; x++)
        for (int y = 0, diagonal = 0; y < length; y++) {
            int32_t *cell = text->row + y + 1, above = *cell;
            *cell = text->text[x] == form[y] ? diagonal + 1 : above > cell[-1] ? above : cell[-1];
            diagonal = above;
        }
    return text->row[length];
}

/* Share of letters that a window and a form have in common, in order, as rapidfuzz.fuzz.ratio has it. */
static float spelling_of(const LatinNames *names, const LatinText *text, const Window *window, int32_t form) {
    int length = names->folded_start[form + 1] - names->folded_start[form], all = window->text_length + length;
    int common = common_letters(text, window, names->folded + names->folded_start[form], length);
    double unlike = all ? (double)(all - 2 * common) / (double)all : 0.0;
    return (float)((1.0 - unlike) * 100.0) / 100.0f;
}

static void add(Window *window, int32_t form, LatinFound *out) {
    if (out->form_met[form] == window->number) return;
    out->form_met[form] = window->number;
    out->some[window->count++] = form;
}

/* Takes a form in if enough of its letters are those of the window, and in the same order. */
static void meet_spelling(const LatinNames *names, const LatinText *text, Window *window, int32_t form,
                          LatinFound *out) {
    if (!window->letter_count || out->form_met[form] == window->number || out->spelling_met[form] == window->number) return;
    out->spelling_met[form] = window->number;
    if (share(window->letters, names->letters_of[form], (float)window->letter_count, names->letter_count[form]) >=
            names->letter_share &&
        spelling_of(names, text, window, form) >= names->hope)
        add(window, form, out);
}

typedef struct { /* readings that may be near enough, until there are enough of them to be compared together */
    int32_t count, reading[2 * TOGETHER];
} Near;

/* Takes in the forms of readings that are near enough. */
static void compare(const LatinNames *names, const LatinText *text, Window *window, int k, Near *near,
                    LatinFound *out) {
    for (int32_t at = 0; at < near->count; at += 4) {
        const uint8_t *said[4];
        int size[4], many = near->count - at < 4 ? near->count - at : 4;
        float limit[4], gap[4];
        for (int n = 0; n < 4; n++) {
            const Glance *name = out->readings + near->reading[at + (n < many ? n : 0)];
            said[n] = names->phones + name->start, size[n] = name->size;
            limit[n] = names->not_hope * ((window->seen[k].weight + name->weight) / 2.0f);
        }
        Four most = (Four){limit[0], limit[1], limit[2], limit[3]} + ROUNDING;
        if (many == 1)
            gap[0] = apart(window->said[k], window->length[k], said[0], size[0], most[0], &names->costs);
        else
            four_apart(window->said[k], window->length[k], said, size, most, &names->costs, gap);
        for (int n = 0; n < many; n++) {
            int32_t form = out->readings[near->reading[at + n]].form;
            if (gap[n] <= limit[n])
                add(window, form, out);
            else
                meet_spelling(names, text, window, form, out);
        }
    }
    near->count = 0;
}

/* Head and tail of a reading of a window, which most readings are never asked for. */
static inline void look_at_ends(const LatinNames *names, Window *window, int k) {
    if (window->with_ends >> k & 1) return;
    window->with_ends |= 1 << k;
    ends_at(window->said[k], window->length[k], &names->costs, window->ends + k);
}

/* Keeps those of the readings that were met which may be near enough. Some at a time: first by what shows at a glance, so
 * that what else is asked of these is on its way from memory. */
static void meet_readings(const LatinNames *names, const LatinText *text, Window *window, int k, const int32_t *met,
                          int32_t count, Near *near, LatinFound *out) {
    int32_t number = window->number * READINGS + k, some[TOGETHER];
    const uint8_t *enough = out->enough + window->seen[k].size;
    float weight = window->seen[k].weight;
    uint64_t all = window->seen[k].all;
    for (int32_t begin = 0; begin < count; begin += TOGETHER) {
        int32_t end = begin + TOGETHER < count ? begin + TOGETHER : count, likely = 0;
        for (int32_t at = begin; at < end; at++) {
            if (at + AHEAD < count) __builtin_prefetch(out->readings + met[at + AHEAD]);
            const Glance *name = out->readings + met[at];
            some[likely] = met[at]; /* without a branch, for one in six goes on and nobody can guess which */
            likely += (__builtin_popcountll(all & name->all) >= enough[name->size]) &
                      (fabsf(weight - name->weight) <= names->unlike * (weight + name->weight));
        }
        for (int32_t at = 0; at < likely; at++) __builtin_prefetch(names->ends_of + some[at]);
        if (likely) look_at_ends(names, window, k);
        for (int32_t at = 0; at < likely; at++) {
            Glance *name = out->readings + some[at];
            if (name->met == number) continue;
            name->met = number;
            if (out->form_met[name->form] != window->number && has_near_ends(names, window, k, name, some[at]))
                near->reading[near->count++] = some[at];
        }
        if (near->count > TOGETHER) compare(names, text, window, k, near, out);
    }
}

/* Values that codes meet in a table when they are looked up in one way, each once. What was met is kept: windows that
 * begin, or end, alike are looked up by the same head and tail. */
static const int32_t *met_by(const Table *table, const Way *way, const uint16_t *codes, Kept *kept, int32_t *count) {
    uint64_t hash = (uint64_t)way->deletes + 1, keys[MOST_KEYS];
    int32_t begin[MOST_KEYS], end[MOST_KEYS];
    for (int k = 0; k < way->length; k++) hash += way->random[(int64_t)k * way->codes + codes[k]];
    Slot *slot = kept->slots + (hash * MIX >> (64 - KEPT_BITS));
    if (slot->hash != hash) {
        if (kept->used + kept->values >= kept->room || kept->stamp == INT32_MAX) { /* full: begun anew */
            memset(kept->slots, 0, sizeof *kept->slots << KEPT_BITS);
            memset(kept->met, 0, sizeof *kept->met * kept->values);
            kept->used = kept->stamp = 0;
        }
        int many = keys_of(table, way, codes, keys);
        int32_t stamp = (int32_t)++kept->stamp, *all = kept->all + kept->used, *next = all;
        many = found(table, keys, many, begin, end);
        for (int key = 0; key < many; key++)
            for (const int32_t *value = table->values + begin[key], *last = table->values + end[key]; value < last;
                 value++) {
                *next = *value; /* overwritten if it is there already */
                next += kept->met[*value] != stamp;
                kept->met[*value] = stamp;
            }
        slot->hash = hash, slot->begin = (int32_t)kept->used, slot->count = (int32_t)(next - all);
        kept->used += slot->count;
    }
    *count = slot->count;
    return kept->all + slot->begin;
}

/* Looks codes up; what is met are readings, alike reading k of the window, or forms where k is negative. */
static void look_up(const LatinNames *names, const LatinText *text, Window *window, int k, const Table *table,
                    const Way *ways, const uint16_t *codes, int length, LatinFound *out) {
    Near near = {.count = 0};
    ways += 3 * (length < LONGEST_KEY ? length : LONGEST_KEY);
    for (int n = 0; n < 3 && length; n++) {
        if (!ways[n].used) continue;
        int32_t count;
        const uint16_t *part = codes + (ways[n].from_end ? length - ways[n].length : 0);
        const int32_t *met = met_by(table, ways + n, part, out->kept, &count);
        if (k >= 0) meet_readings(names, text, window, k, met, count, &near, out);
        for (int32_t at = 0; at < count && k < 0; at++) meet_spelling(names, text, window, met[at], out);
    }
    compare(names, text, window, k, &near, out);
}

/* How alike a window and a form sound in any of their readings; those that show at a glance not to be count for
 * nothing, unless they are spelt alike. */
static float sound_of(const LatinNames *names, const Window *window, const Glance *readings, int32_t form,
                      float spelling) {
    int spelt = spelling >= names->floor;
    float sound = 0.0f, floor = spelt ? 0.0f : names->floor;
    for (int k = 0; k < window->readings; k++)
        for (int32_t j = names->first_reading[form]; j < names->first_reading[form + 1]; j++) {
            const Glance *name = readings + j;
            if (!spelt && !is_near(names, window, k, name, j)) continue;
            float scale = (window->seen[k].weight + name->weight) / 2.0f;
            float most = (1.0f - (sound > floor ? sound : floor)) * scale + ROUNDING; /* what is less alike is no news */
            float gap = apart(window->said[k], window->length[k], names->phones + name->start, name->size, most,
                              &names->costs);
            float alike = 1.0f - gap / (scale > 0.1f ? scale : 0.1f);
            sound = alike > sound ? alike : sound;
        }
    return sound;
}

static int in_order(const void *a, const void *b) { return *(const int32_t *)a - *(const int32_t *)b; }

/* Ways to say a foreign name in characters: as they are read; without the vowels that only help to say them; and only
 * the last without. */
static void foreign_readings(const LatinText *text, int64_t first, int64_t end, Window *window) {
    window->readings = 0;
    take(window, NEXT, say(text, first, end, 0, -1, 0, NEXT));
    take(window, NEXT, say(text, first, end, 1, -1, 0, NEXT));
    take(window, NEXT, say(text, first, end, 0, end - 1, 1, NEXT));
}

static void latin_window(const LatinNames *names, const LatinText *text, int64_t number, LatinFound *out) {
    Window window;
    int64_t first = text->first[number], end = text->end[number];
    int flags = text->flags[number];
    const Way *by_sound = flags & DEEP ? names->deep : flags & FOREIGN ? names->medium : names->shallow;
    const Way *by_letters = flags & DEEP || end == first + 1 ? names->deep_letters : names->medium_letters;
    window.number = (int32_t)(out->stamp + number), window.count = window.with_ends = 0;
    if (flags & FOREIGN)
        foreign_readings(text, first, end, &window);
    else
        readings_of(text, first, end, &window);
    spell(names, text, first, end, &window);
    look_up(names, text, &window, -1, &names->letters, by_letters, text->codes, window.letter_count, out);
    for (int k = 0; k < window.readings && k < LOOKED_UP; k++) {
        glance_at(window.said[k], window.length[k], &names->costs, window.seen + k);
        uint16_t codes[LONGEST_READING];
        int length = 0;
        for (int x = 0; x < window.length[k]; x++) { /* equal neighbours count once */
            uint16_t code = names->class_of[window.said[k][x]];
            if (!length || code != codes[length - 1]) codes[length++] = code;
        }
        look_up(names, text, &window, k, &names->sound, by_sound, codes, length, out);
        length = 0;
        if (k || !(flags & CONSONANTS)) continue;
        for (int x = 0; x < window.length[0]; x++)
            if (names->consonant_of[window.said[0][x]]) codes[length++] = names->consonant_of[window.said[0][x]];
        look_up(names, text, &window, 0, &names->consonants, names->consonant_ways, codes, length, out);
    }
    for (int64_t k = 0; k < names->acronym_count && flags & ACRONYM; k++)
        if (spelling_of(names, text, &window, names->acronyms[k]) >= names->acronym_floor)
            add(&window, names->acronyms[k], out);
    for (int k = 0; k < window.readings && window.count; k++) {
        if (k >= LOOKED_UP) glance_at(window.said[k], window.length[k], &names->costs, window.seen + k);
        look_at_ends(names, &window, k);
    }
    qsort(out->some, window.count, sizeof *out->some, in_order);
    for (int32_t k = 0; k < window.count; k++) {
        int32_t form = out->some[k];
        float spelling = spelling_of(names, text, &window, form);
        if (!(spelling < 1.0f)) continue;
        float sound = sound_of(names, &window, out->readings, form, spelling);
        if (!(sound >= names->least || spelling >= names->least)) continue;
        if (out->count < out->capacity) {
            out->window[out->count] = number, out->form[out->count] = form;
            out->sound[out->count] = sound, out->spelling[out->count] = spelling;
        }
        out->count++;
    }
}

/* All that windows may have been meant as, from out->row on, in order of window and form; what did not fit is left for
 * the next call. */
void fixer_latin(const LatinNames *names, const LatinText *text, LatinFound *out) {
    uint8_t enough[2 * LONGEST_READING + 1];
    count_enough(names, enough);
    out->enough = enough;
    for (; out->row < text->rows; out->row++) {
        int64_t before = out->count;
        latin_window(names, text, out->row, out);
        if (out->count > out->capacity) {
            out->count = before;
            return;
        }
    }
}

/* ------------------------------------------------------------ names with Han */

typedef struct {
    Table classes, syllables; /* of coarse classes of syllables, and of syllables as they are */
    const Way *class_ways, *syllable_ways;
    const int32_t *sound; /* what is said at each place of all forms */
    const float *skip;    /* of each sound of the forms */
    float floor[2];       /* how alike it must be: forms of up to two syllables, and longer ones */
} HanNames;

typedef struct { /* a form: its first place, its syllables, what they weigh, the lightest and the two lightest of them, the
                  * last window that met it, and what it begins with */
    int32_t first, length;
    float weight, least[2];
    int32_t met, begins[2];
} HanForm;

typedef struct { /* syllables of a text */
    const int32_t *said, *stretch; /* number of each, and the stretch it stands in */
    const uint8_t *edges, *han;    /* 1: a unit begins, 2: it ends; how many of Han there are in it: 0 or 1 */
    const uint16_t *class_of, *syllable_of; /* number -> coarse class, usual syllable */
    const float *skip, *cost;               /* number -> weight; number, sound of a form -> distance */
    int64_t rows, longest, sounds;
} HanText;

typedef struct { /* syllable from which on to go on; what was found: place, syllables, form, distance */
    int64_t row, count, capacity, stamp, *place, *size, *form;
    float *gap;
    HanForm *forms;
} HanFound;

/* Distance of m syllables of a text and n of a form, or FAR as soon as it is sure to be over `most`. */
static float syllables_apart(const HanText *text, const HanNames *names, const int32_t *a, int m, const int32_t *b,
                             int n, float most) {
    if (m == n) {
        float sum = text->cost[a[0] * text->sounds + b[0]];
        for (int x = 1; x < m && sum <= most; x++) sum += text->cost[a[x] * text->sounds + b[x]];
        return sum <= most ? sum : FAR;
    }
    int apart = m > n ? m - n : n - m;
    float row[LONGEST_KEY + 3];
    row[0] = 0.0f;
    for (int y = 0; y < n; y++) row[y + 1] = row[y] + names->skip[b[y]];
    for (int x = 0; x < m; x++) {
        const float *costs = text->cost + a[x] * text->sounds;
        float skip = text->skip[a[x]], diagonal = row[0], least = row[0] = row[0] + skip;
        for (int y = 0; y < n; y++) {
            float step = diagonal + costs[b[y]], above = row[y + 1] + skip, beside = row[y] + names->skip[b[y]];
            diagonal = row[y + 1];
            step = above < step ? above : step;
            row[y + 1] = (x > y ? x - y : y - x) > apart + 1 ? FAR : beside < step ? beside : step;
            least = row[y + 1] < least ? row[y + 1] : least;
        }
        if (least > most) return FAR;
    }
    return row[n] <= most ? row[n] : FAR;
}

/* What an alignment of rows of which one is longer by one costs at the least, if only that one is left out. */
static float one_left_out(const HanText *text, const HanNames *names, const int32_t *a, int m, const int32_t *b, int n) {
    float before[LONGEST_KEY + 1], after = 0.0f, least = FAR;
    int shorter = m < n ? m : n, down = m > n, across = n > m;
    before[0] = 0.0f;
    for (int x = 0; x < shorter; x++) before[x + 1] = before[x] + text->cost[a[x] * text->sounds + b[x]];
    for (int x = shorter; x >= 0; x--) { /* the one at x is left out, and those behind it are moved by one */
        float all = before[x] + after + (down ? text->skip[a[x]] : names->skip[b[x]]);
        least = all < least ? all : least;
        if (x) after += text->cost[a[x - 1 + down] * text->sounds + b[x - 1 + across]];
    }
    return least;
}

static void han_window(const HanNames *names, const HanText *text, int64_t place, int size, HanFound *out) {
    const int32_t *said = text->said + place;
    const Table *tables[2] = {&names->classes, &names->syllables};
    const Way *ways[2] = {names->class_ways + 3 * size, names->syllable_ways + 3 * size};
    uint16_t codes[2][LONGEST_KEY];
    uint64_t keys[MOST_KEYS];
    int32_t begin[MOST_KEYS], end[MOST_KEYS];
    float weight = 0.0f, least[2] = {FAR, FAR};
    int32_t window = (int32_t)(out->stamp + place * text->longest + size);
    for (int x = 0; x < size; x++) {
        codes[0][x] = text->class_of[said[x]], codes[1][x] = text->syllable_of[said[x]];
        float skip = text->skip[said[x]];
        weight += skip;
        least[1] = skip < least[0] ? least[0] : skip < least[1] ? skip : least[1];
        least[0] = skip < least[0] ? skip : least[0];
    }
    least[1] += least[0];
    const float *first = text->cost + said[0] * text->sounds, *second = text->cost + said[1] * text->sounds;
    for (int n = 0; n < 2; n++) {
        if (!ways[n]->used) continue;
        int many = keys_of(tables[n], ways[n], codes[n], keys);
        many = found(tables[n], keys, many, begin, end);
        for (int k = 0; k < many; k++)
            for (int32_t at = begin[k]; at < end[k]; at++) __builtin_prefetch(out->forms + tables[n]->values[at]);
        for (int k = 0; k < many; k++)
            for (int32_t at = begin[k]; at < end[k]; at++) {
                int32_t form = tables[n]->values[at];
                HanForm *name = out->forms + form;
                if (name->met == window) continue;
                name->met = window;
                float most = (1.0f - names->floor[name->length > 2]) * (weight + name->weight) / 2.0f + ROUNDING;
                int longer = size - name->length, apart = longer > 0 ? longer : -longer;
                /* as many are left out at the least; two share no key where they are more, but by a chance of hashing */
                if (apart > 2 || (apart && (longer > 0 ? least : name->least)[apart - 1] > most)) continue;
                /* of one length: what both begin with may cost too much already */
                if (!apart && first[name->begins[0]] + second[name->begins[1]] > most) continue;
                const int32_t *sound = names->sound + name->first;
                /* three left out cost too much: then it is the one */
                if (apart == 1 && (longer > 0 ? least[1] + name->least[0] : name->least[1] + least[0]) > most &&
                    one_left_out(text, names, said, size, sound, name->length) > most)
                    continue;
                float gap = syllables_apart(text, names, said, size, sound, name->length, most);
                if (gap == FAR) continue;
                if (out->count < out->capacity) {
                    out->place[out->count] = place, out->size[out->count] = size;
                    out->form[out->count] = form, out->gap[out->count] = gap;
                }
                out->count++;
            }
    }
}

/* All that windows of two syllables and more may have been meant as, from out->row on; what did not fit is left for
 * the next call. A window begins and ends with a unit, lies in one stretch and has Han in it. */
void fixer_han(const HanNames *names, const HanText *text, HanFound *out) {
    for (; out->row < text->rows; out->row++) {
        int64_t place = out->row, before = out->count;
        if (!(text->edges[place] & 1)) continue;
        int han = text->han[place];
        for (int size = 2; size <= text->longest && place + size <= text->rows; size++) {
            int64_t last = place + size - 1;
            if (text->stretch[last] != text->stretch[place]) break;
            han += text->han[last];
            if (han && text->edges[last] & 2) han_window(names, text, place, size, out);
        }
        if (out->count > out->capacity) {
            out->count = before;
            return;
        }
    }
}

/* ------------------------------------------------------------ names as they are written */

/* Rows of up to `longest` units, each but the first joined to the one before it, whose hash stands in a table: the first
 * unit, how many there are, and what stands there. `power` is what the hash of a row is multiplied by for a unit more.
 * Says how many were found, also of those that did not fit. */
int64_t fixer_exact(const Table *table, const uint64_t *own, const uint64_t *power, const uint8_t *joined, int64_t count,
                    int64_t longest, int64_t capacity, int64_t *unit, int64_t *size, int64_t *value) {
    int64_t many = 0;
    for (int64_t first = 0; first < count; first++) {
        uint64_t hash = 0, keys[LONGEST_KEY];
        int64_t units = 0;
        for (int64_t next = first; next < count && units < longest && (next == first || joined[next]); next++) {
            hash = hash * power[next] + own[next];
            keys[units++] = prepared(table, hash);
        }
        for (int64_t k = 0; k < units; k++) {
            int32_t begin, end;
            if (!found(table, keys + k, 1, &begin, &end)) continue;
            for (; begin < end; begin++, many++)
                if (many < capacity) unit[many] = first, size[many] = k + 1, value[many] = table->values[begin];
        }
    }
    return many;
}

/* ------------------------------------------------------------ trees */

typedef struct { /* trees of up to 16 leaves, by what they ask, as judge/models.py has them */
    const int64_t *columns, *first;   /* question -> column, its first threshold; one more of those */
    const float *thresholds, *values; /* rising for each question; tree, leaf -> log-odds */
    const uint16_t *left;             /* question, thresholds passed, tree -> leaves that are possible, a bit each */
    int64_t questions, trees;
} Trees;

/* For rows of so many columns the log-odds of the leaf of each tree that they end in. */
void fixer_leaves(const Trees *trees, const float *rows, int64_t count, int64_t width, uint16_t *possible, float *out) {
    int64_t many = trees->trees;
    for (int64_t row = 0; row < count; row++, rows += width, out += many) {
        for (int64_t t = 0; t < many; t++) possible[t] = 0xFFFF;
        for (int64_t k = 0; k < trees->questions; k++) {
            int64_t low = trees->first[k], high = trees->first[k + 1];
            float value = rows[trees->columns[k]];
            while (low < high) { /* how many thresholds are passed */
                int64_t middle = (low + high) / 2;
                if (value <= trees->thresholds[middle])
                    high = middle;
                else
                    low = middle + 1;
            }
            const uint16_t *left = trees->left + (low + k) * many; /* with a line more than thresholds for each */
            for (int64_t t = 0; t < many; t++) possible[t] &= left[t];
        }
        for (int64_t t = 0; t < many; t++) out[t] = trees->values[16 * t + __builtin_ctz(possible[t] | 0x8000)];
    }
}

/* ------------------------------------------------------------ words of Han */

#define LONGEST_WORD 8
#define WAYS (LONGEST_WORD + 3) /* unseen, words of one to eight characters, names of two and of three */

typedef struct {
    Table words;               /* hash -> tenths of a nat */
    const double *person;      /* nats of each code point as the first, a middle and the last one of a name */
    uint64_t base, factor;     /* of the hash */
    double unseen, anybody;    /* nats of a character that is no word, and of meeting somebody's name */
    int64_t people;            /* code points that `person` knows of */
} Lexicon;

/* What it costs to go on from a place by each way; its length is that of the way, but one for what is unseen. */
static void ways_from(const Lexicon *lexicon, const uint32_t *code, int64_t left, double *cost) {
    uint64_t hash = 0, keys[LONGEST_WORD];
    int count = 0;
    cost[0] = lexicon->unseen;
    for (int k = 1; k < WAYS; k++) cost[k] = INFINITY;
    for (; count < LONGEST_WORD && count < left && code[count]; count++) {
        hash = hash * lexicon->base + code[count] * lexicon->factor + 1;
        keys[count] = prepared(&lexicon->words, hash);
    }
    for (int k = 0; k < count; k++) {
        int32_t begin, end;
        if (found(&lexicon->words, keys + k, 1, &begin, &end)) cost[k + 1] = lexicon->words.values[begin] / 10.0;
    }
    const double *first = lexicon->person, *middle = first + lexicon->people, *last = middle + lexicon->people;
    int64_t people = lexicon->people;
    if (count < 2 || code[0] >= people || code[1] >= people) return;
    cost[WAYS - 2] = lexicon->anybody + first[code[0]] + last[code[1]];
    if (count > 2 && code[2] < people)
        cost[WAYS - 1] = lexicon->anybody + first[code[0]] + middle[code[1]] + last[code[2]];
}

static inline int64_t length_of(int way) { return way == 0 ? 1 : way <= LONGEST_WORD ? way : way - LONGEST_WORD + 1; }

/* The cheapest row of words through each run of codes that are parted by zeros; `cost` has room for WAYS a code. */
void fixer_paths(const Lexicon *lexicon, const uint32_t *code, int64_t count, double *cost, double *forward,
                 double *backward, int64_t *back, uint8_t *word) {
    for (int64_t start = 0; start <= count;) {
        int64_t end = start;
        while (end < count && code[end]) end++;
        for (int64_t at = start; at <= end; at++) forward[at] = backward[at] = INFINITY;
        forward[start] = backward[end] = 0.0;
        for (int64_t at = start; at < end; at++) {
            ways_from(lexicon, code + at, end - at, cost + at * WAYS);
            for (int way = 0; way < WAYS; way++) {
                double total = forward[at] + cost[at * WAYS + way];
                if (total < INFINITY && total < forward[at + length_of(way)])
                    forward[at + length_of(way)] = total, back[at + length_of(way)] = at;
            }
        }
        for (int64_t at = end - 1; at >= start; at--)
            for (int way = 0; way < WAYS; way++) {
                double step = cost[at * WAYS + way];
                if (step == INFINITY) continue;
                double total = backward[at + length_of(way)] + step;
                if (total < backward[at]) backward[at] = total;
            }
        for (int64_t at = end; at > start; at = back[at]) word[at] = 1;
        word[start] = 1;
        start = end + 1;
    }
}

typedef struct { /* words after one another, as language/chinese_sequences.py has them */
    const uint32_t *begin, *second; /* word -> its first pair; pair -> the word that follows, rising for each */
    const uint8_t *alone, *after;   /* steps of a word, and of one after another */
    const int8_t *back;             /* steps on top where no pair is known */
    double steps, unseen;           /* steps of a nat; nats of what is no word */
} Sequences;

/* Nats of a word after another; what it costs alone is given. */
static double after(const Sequences *model, int32_t first, int32_t second, double alone) {
    if (first < 0) return alone;
    uint32_t low = model->begin[first], high = model->begin[first + 1], end = high;
    while (second >= 0 && low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (model->second[middle] < (uint32_t)second)
            low = middle + 1;
        else
            high = middle;
    }
    if (second >= 0 && low < end && model->second[low] == (uint32_t)second) return model->after[low] / model->steps;
    return alone + model->back[first] / model->steps;
}

/* For words by their beginning, the least that each costs with all before it, and the word before it then. Words that
 * end at a place are a list: `last` is its newest one, after which `next` leads to the oldest, and on to the newer ones. */
void fixer_rows(const Sequences *model, const int32_t *start, const int32_t *end, const int32_t *number, int64_t count,
                int32_t *last, int32_t *next, double *alone, double *best, int32_t *link) {
    for (int64_t word = 0; word < count; word++) {
        double least = INFINITY;
        alone[word] = number[word] < 0 ? model->unseen : model->alone[number[word]] / model->steps;
        link[word] = -1;
        int32_t newest = last[start[word]], other = newest;
        while (other >= 0) { /* a ring, so that the oldest comes first and keeps its place where costs are the same */
            other = next[other];
            double cost = best[other] + after(model, number[other], number[word], alone[word]);
            if (cost < least) least = cost, link[word] = other;
            if (other == newest) break;
        }
        best[word] = newest < 0 ? alone[word] : least;
        newest = last[end[word]];
        next[word] = newest < 0 ? (int32_t)word : next[newest];
        if (newest >= 0) next[newest] = (int32_t)word;
        last[end[word]] = (int32_t)word;
    }
}
