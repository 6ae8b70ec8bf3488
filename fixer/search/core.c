/* The innermost loops of the search, for machines with a compiler: hashing, looking up, first bounds, alignment.
 *
 * Every function does what numpy does in keys.py, distance.py and ragged.py, to the last bit: the same sums in the same
 * order, in floats of 32 bits, compiled without contraction. tests/search/test_core.py compares the two.
 */
#include <stdint.h>

#define MIX 0x9E3779B97F4A7C15ull
#define LONGEST_KEY 64
#define MOST_KEYS (1 + LONGEST_KEY + LONGEST_KEY * LONGEST_KEY / 2)
#define LONGEST_ROW 256
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

typedef struct { /* what is known of rows at a glance */
    const float *weight, *length, *head_length, *tail_length;
    const uint64_t *all, *head, *tail;
} Glance;

typedef struct {
    int32_t kind; /* 0: none, 1: phones, 2: phones, widely, 3: letters */
    float unlike, common[2], ends[2], longer;
    Glance left, right;
} Near;

typedef struct { /* how a row of some length is looked up, one of several ways */
    int32_t used, from_end, length, deletes, skip_whole, codes;
    const uint64_t *random;
} Way;

typedef struct {
    int64_t row, count, capacity, *rows, *values;
} Out;

static inline float share(uint64_t a, uint64_t b, float m, float n) {
    float both = m + n;
    return (float)__builtin_popcountll(a & b) * 2.0f / (both > 1.0f ? both : 1.0f);
}

static inline int is_near(const Near *near, int64_t i, int64_t j) {
    const Glance *l = &near->left, *r = &near->right;
    if (near->kind == 3) return share(l->all[i], r->all[j], l->length[i], r->length[j]) >= near->common[0];
    float a = l->weight[i], b = r->weight[j], apart = a > b ? a - b : b - a;
    if (!(apart <= near->unlike * (a + b))) return 0;
    int longer = near->kind == 1 && l->length[i] + r->length[j] >= near->longer;
    if (!(share(l->all[i], r->all[j], l->length[i], r->length[j]) >= near->common[longer ? 0 : 1])) return 0;
    if (near->kind == 2) return 1;
    float ends = share(l->head[i], r->head[j], l->head_length[i], r->head_length[j]) +
                 share(l->tail[i], r->tail[j], l->tail_length[i], r->tail_length[j]);
    return ends >= near->ends[longer ? 0 : 1];
}

static inline uint64_t prepared(const Table *t, uint64_t hash) { /* the memory is asked before it is needed */
    uint64_t key = hash * MIX;
    __builtin_prefetch(&t->maybe[key >> t->filter >> 3]);
    return key;
}

/* Where the values of a key begin and end in a table; nowhere for most. */
static inline int found(const Table *t, uint64_t key, int32_t *begin, int32_t *end) {
    uint64_t upper = key >> t->filter;
    if (!(t->maybe[upper >> 3] >> (upper & 7) & 1)) return 0;
    uint64_t bucket = key >> t->bucket;
    for (int32_t at = t->first[bucket]; at < t->first[bucket + 1]; at++)
        if (t->keys[at] == key) {
            *begin = t->begin[at], *end = t->begin[at + 1];
            return 1;
        }
    return 0;
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

static inline void look_up(const Table *t, const Near *near, uint64_t key, int64_t row, int64_t as, Out *out) {
    int32_t at, end;
    if (!found(t, key, &at, &end)) return;
    for (; at < end; at++) {
        if (near->kind && !is_near(near, as, t->values[at])) continue;
        if (out->count < out->capacity) {
            out->rows[out->count] = row;
            out->values[out->count] = t->values[at];
        }
        out->count++;
    }
}

/* Looks rows up from number out->row of `which` on, until all are done or there is no room for another; ways[3 * n] on
 * are those of rows of n codes. What did not fit is left for the next call, which has more room. */
void fixer_meet(const Table *t, const Near *near, const Way *ways, const uint16_t *flat, const int64_t *start,
                const int64_t *which, const int64_t *as, int64_t count, Out *out) {
    for (; out->row < count; out->row++) {
        int64_t row = which[out->row], before = out->count, length = start[row + 1] - start[row];
        for (int n = 0; n < 3; n++) {
            const Way *way = &ways[3 * length + n];
            if (!way->used) continue;
            const uint16_t *code = flat + (way->from_end ? start[row + 1] - way->length : start[row]);
            uint64_t keys[MOST_KEYS];
            int many = keys_of(t, way, code, keys);
            for (int k = 0; k < many; k++) look_up(t, near, keys[k], row, as ? as[row] : row, out);
        }
        if (out->count > out->capacity) {
            out->count = before;
            return;
        }
    }
}

/* Which codes are in every row, as Sets has them: the first of a code its own bit, the next ones those above it. */
void fixer_sets(const uint8_t *flat, const int64_t *start, const int64_t *length, int64_t count, const int64_t *bit,
                const int64_t *most, uint64_t *bits) {
    for (int64_t row = 0; row < count; row++) {
        uint64_t found = 0;
        for (int64_t k = start[row]; k < start[row] + length[row]; k++) {
            int64_t first = bit[flat[k]], left = most[flat[k]];
            while (left > 1 && found >> first & 1) first++, left--;
            found |= 1ull << first;
        }
        bits[row] = found;
    }
}

/* Weighted edit distances of rows; FAR above their limit. */
void fixer_align(const uint8_t *left, const int64_t *left_start, const int64_t *i, const uint8_t *right,
                 const int64_t *right_start, const int64_t *j, const float *limit, int64_t count, const float *cost,
                 int64_t codes, const float *skip, float *gap) {
    float row[LONGEST_ROW + 1];
    for (int64_t pair = 0; pair < count; pair++) {
        const uint8_t *a = left + left_start[i[pair]], *b = right + right_start[j[pair]];
        int m = (int)(left_start[i[pair] + 1] - left_start[i[pair]]);
        int n = (int)(right_start[j[pair] + 1] - right_start[j[pair]]);
        float most = limit[pair], least = 0.0f;
        row[0] = 0.0f;
        for (int y = 0; y < n; y++) row[y + 1] = row[y] + skip[b[y]];
        for (int x = 0; x < m && least <= most; x++) {
            const float *costs = cost + (int64_t)a[x] * codes;
            float skip_a = skip[a[x]], diagonal = row[0], beside = row[0] + skip_a;
            row[0] = least = beside;
            for (int y = 0; y < n; y++) {
                float step = costs[b[y]] + diagonal, above = row[y + 1] + skip_a;
                diagonal = row[y + 1];
                step = above < step ? above : step;
                beside = beside + skip[b[y]];
                beside = step < beside ? step : beside;
                row[y + 1] = beside;
                least = beside < least ? beside : least;
            }
        }
        gap[pair] = least <= most && row[n] <= most ? row[n] : FAR;
    }
}

/* ------------------------------------------------------------ names with Han */

typedef struct {
    Table classes, syllables; /* of coarse classes of syllables, and of syllables as they are */
    const Way *class_ways, *syllable_ways;
    const int32_t *begin, *sound; /* form -> its first place; what is said at each place of all forms */
    const float *weight, *skip;   /* of each form, and of each sound of the forms */
    float floor[2];               /* how alike it must be: forms of up to two syllables, and longer ones */
} HanNames;

typedef struct { /* syllables of a text */
    int64_t count, longest;
    const int32_t *said, *stretch; /* number of each, and the stretch it stands in */
    const uint8_t *edges, *han;    /* 1: a unit begins, 2: it ends; how many of Han there are in it: 0 or 1 */
    const uint16_t *class_of, *syllable_of; /* number -> coarse class, usual syllable */
    const float *skip, *cost;               /* number -> weight; number, sound of a form -> distance */
    int64_t sounds;
} HanText;

typedef struct { /* syllable from which on to go on; what was found: place, syllables, form, distance */
    int64_t row, count, capacity, forms, *place, *size, *form;
    float *gap;
    int32_t *met; /* form -> the last window that met it */
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
    if (apart > 2) return FAR; /* they share no key but by a chance of hashing */
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

static void han_window(const HanNames *names, const HanText *text, int64_t place, int size, HanFound *out) {
    const int32_t *said = text->said + place;
    const Table *tables[2] = {&names->classes, &names->syllables};
    const Way *ways[2] = {names->class_ways + 3 * size, names->syllable_ways + 3 * size};
    uint16_t codes[2][LONGEST_KEY];
    uint64_t keys[MOST_KEYS];
    float weight = 0.0f;
    int32_t window = (int32_t)(place * text->longest + size);
    for (int x = 0; x < size; x++) {
        codes[0][x] = text->class_of[said[x]], codes[1][x] = text->syllable_of[said[x]];
        weight += text->skip[said[x]];
    }
    for (int n = 0; n < 2; n++) {
        if (!ways[n]->used) continue;
        int many = keys_of(tables[n], ways[n], codes[n], keys);
        for (int k = 0; k < many; k++) {
            int32_t at, end;
            if (!found(tables[n], keys[k], &at, &end)) continue;
            for (; at < end; at++) {
                int32_t form = tables[n]->values[at], begin = names->begin[form];
                if (out->met[form] == window) continue;
                out->met[form] = window;
                int length = names->begin[form + 1] - begin;
                float most = (1.0f - names->floor[length > 2]) * (weight + names->weight[form]) / 2.0f + ROUNDING;
                float gap = syllables_apart(text, names, said, size, names->sound + begin, length, most);
                if (gap == FAR) continue;
                if (out->count < out->capacity) {
                    out->place[out->count] = place, out->size[out->count] = size;
                    out->form[out->count] = form, out->gap[out->count] = gap;
                }
                out->count++;
            }
        }
    }
}

/* All that windows of two syllables and more may have been meant as, from out->row on; what did not fit is left for
 * the next call. A window begins and ends with a unit, lies in one stretch and has Han in it. */
void fixer_han(const HanNames *names, const HanText *text, HanFound *out) {
    for (; out->row < text->count; out->row++) {
        int64_t place = out->row, before = out->count;
        if (!(text->edges[place] & 1)) continue;
        int han = text->han[place];
        for (int size = 2; size <= text->longest && place + size <= text->count; size++) {
            int64_t last = place + size - 1;
            if (text->stretch[last] != text->stretch[place]) break;
            han += text->han[last];
            if (han && text->edges[last] & 2) han_window(names, text, place, size, out);
        }
        if (out->count > out->capacity) {
            out->count = before;
            for (int32_t *met = out->met, *end = met + out->forms; met < end; met++) *met = 0;
            return;
        }
    }
}
