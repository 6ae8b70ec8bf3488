/* The innermost loops of the search, for machines with a compiler: hashing, looking up, first bounds, alignment.
 *
 * Every function does what numpy does in keys.py, distance.py and ragged.py, to the last bit: the same sums in the same
 * order, in floats of 32 bits, compiled without contraction. tests/search/test_core.py compares the two.
 */
#include <stdint.h>

#define MIX 0x9E3779B97F4A7C15ull
#define LONGEST_KEY 64
#define LONGEST_ROW 256
#define FAR 99.0f
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

static inline void look_up(const Table *t, const Near *near, uint64_t key, int64_t row, int64_t as, Out *out) {
    uint64_t upper = key >> t->filter;
    if (!(t->maybe[upper >> 3] >> (upper & 7) & 1)) return;
    uint64_t bucket = key >> t->bucket;
    for (int32_t at = t->first[bucket]; at < t->first[bucket + 1]; at++) {
        if (t->keys[at] != key) continue;
        for (int32_t k = t->begin[at]; k < t->begin[at + 1]; k++) {
            if (near->kind && !is_near(near, as, t->values[k])) continue;
            if (out->count < out->capacity) {
                out->rows[out->count] = row;
                out->values[out->count] = t->values[k];
            }
            out->count++;
        }
        return;
    }
}

static void all_ways(const Table *t, const Near *near, const Way *way, const uint16_t *code, int64_t row, int64_t as,
                     Out *out) {
    uint64_t sums[3][LONGEST_KEY + 1], keys[1 + LONGEST_KEY + LONGEST_KEY * LONGEST_KEY / 2];
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
    for (int k = 0; k < count; k++) look_up(t, near, keys[k], row, as, out);
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
            all_ways(t, near, way, code, row, as ? as[row] : row, out);
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

/* Distances of rows of m syllables and forms of n, as syllable_distances has them. */
void fixer_syllables(const int64_t *said, int64_t m, const int64_t *window, const int64_t *of_forms,
                     const int64_t *begin, int64_t n, int64_t count, const float *cost, int64_t across,
                     const float *skip_left, const float *skip_right, float *gap) {
    int64_t apart = m > n ? m - n : n - m;
    float row[LONGEST_KEY + 1], next[LONGEST_KEY + 1];
    for (int64_t pair = 0; pair < count; pair++) {
        const int64_t *a = said + window[pair] * m, *b = of_forms + begin[pair];
        if (m == n) {
            float sum = cost[a[0] * across + b[0]];
            for (int64_t x = 1; x < m; x++) sum += cost[a[x] * across + b[x]];
            gap[pair] = sum;
            continue;
        }
        row[0] = 0.0f;
        for (int64_t y = 0; y < n; y++) row[y + 1] = row[y] + skip_right[b[y]];
        for (int64_t x = 0; x < m; x++) {
            float skip = skip_left[a[x]];
            next[0] = row[0] + skip;
            for (int64_t y = 0; y < n; y++) {
                if ((x > y ? x - y : y - x) > apart + 1) {
                    next[y + 1] = FAR;
                    continue;
                }
                float step = row[y] + cost[a[x] * across + b[y]], above = row[y + 1] + skip;
                float beside = next[y] + skip_right[b[y]];
                step = above < step ? above : step;
                next[y + 1] = beside < step ? beside : step;
            }
            for (int64_t y = 0; y <= n; y++) row[y] = next[y];
        }
        gap[pair] = row[n];
    }
}
