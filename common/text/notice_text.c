/* Judges texts that are to be sent. Must never repair one: who wrote it is told what is wrong. */
#include "common/text/notice_text.h"

#include "common/base/scoped.h"
#include "common/text/utf8.h"

#include <assert.h>
#include <string.h>

enum {
        TOKENS_MAX = NOTICE_BYTES_MAX, /* each has a byte at least */
        JOINED_TOKENS_MAX = 16,        /* a word cut into more parts than this is not read as one */
        NUMBER_DIGITS_MAX = 4,
        ROW_DIGITS_MAX = 8,    /* a date: 2026-11-23 */
        GLUED_LETTERS_MIN = 6, /* shorter ones stand inside honest words: "center" */
};

/* Latin words, in lower case, that have no place in a notice. Found as a whole word, and as the
 * join of words that stand next to each other ("cl ick", "h t t p"). */
typedef struct banned_word {
        const char *text;
        notice_fault fault;
} banned_word;
static const banned_word latin_words[] = {
        {"http", NOTICE_LINK},        {"https", NOTICE_LINK},       {"ftp", NOTICE_LINK},
        {"www", NOTICE_LINK},         {"wap", NOTICE_LINK},         {"url", NOTICE_LINK},
        {"uri", NOTICE_LINK},         {"link", NOTICE_LINK},        {"links", NOTICE_LINK},
        {"hyperlink", NOTICE_LINK},   {"website", NOTICE_LINK},     {"webpage", NOTICE_LINK},
        {"web", NOTICE_LINK},         {"site", NOTICE_LINK},        {"dot", NOTICE_LINK},
        {"slash", NOTICE_LINK},       {"com", NOTICE_LINK},         {"cn", NOTICE_LINK},
        {"net", NOTICE_LINK},         {"org", NOTICE_LINK},         {"gov", NOTICE_LINK},
        {"edu", NOTICE_LINK},         {"info", NOTICE_LINK},        {"top", NOTICE_LINK},
        {"xyz", NOTICE_LINK},         {"vip", NOTICE_LINK},         {"cc", NOTICE_LINK},
        {"io", NOTICE_LINK},          {"co", NOTICE_LINK},          {"me", NOTICE_LINK},
        {"ly", NOTICE_LINK},          {"tk", NOTICE_LINK},          {"biz", NOTICE_LINK},
        {"online", NOTICE_LINK},      {"shop", NOTICE_LINK},        {"club", NOTICE_LINK},
        {"click", NOTICE_LINK},       {"tap", NOTICE_LINK},         {"press", NOTICE_LINK},
        {"qr", NOTICE_LINK},          {"qrcode", NOTICE_LINK},      {"barcode", NOTICE_LINK},
        {"scan", NOTICE_LINK},        {"lianjie", NOTICE_LINK},     {"dianji", NOTICE_LINK},
        {"wangzhi", NOTICE_LINK},     {"saoma", NOTICE_LINK},       {"erweima", NOTICE_LINK},
        {"download", NOTICE_LINK},    {"install", NOTICE_LINK},     {"browser", NOTICE_LINK},
        {"reply", NOTICE_REQUEST},    {"respond", NOTICE_REQUEST},  {"answer", NOTICE_REQUEST},
        {"send", NOTICE_REQUEST},     {"sms", NOTICE_REQUEST},      {"text", NOTICE_REQUEST},
        {"enter", NOTICE_REQUEST},    {"input", NOTICE_REQUEST},    {"type", NOTICE_REQUEST},
        {"fill", NOTICE_REQUEST},     {"submit", NOTICE_REQUEST},   {"provide", NOTICE_REQUEST},
        {"supply", NOTICE_REQUEST},   {"tell", NOTICE_REQUEST},     {"give", NOTICE_REQUEST},
        {"confirm", NOTICE_REQUEST},  {"verify", NOTICE_REQUEST},   {"validate", NOTICE_REQUEST},
        {"login", NOTICE_REQUEST},    {"signin", NOTICE_REQUEST},   {"logon", NOTICE_REQUEST},
        {"cvv", NOTICE_REQUEST},      {"otp", NOTICE_REQUEST},      {"transfer", NOTICE_REQUEST},
        {"pay", NOTICE_REQUEST},      {"payment", NOTICE_REQUEST},  {"remit", NOTICE_REQUEST},
        {"wechat", NOTICE_REQUEST},   {"qq", NOTICE_REQUEST},       {"alipay", NOTICE_REQUEST},
        {"telegram", NOTICE_REQUEST}, {"whatsapp", NOTICE_REQUEST},
};

/* Han words, found wherever they stand when blanks and marks are left out. Most are one character
 * that honest notices do without: its neighbours are easily varied, it is not. */
static const banned_word han_words[] = {
        {"链", NOTICE_LINK},        {"鏈", NOTICE_LINK},        {"鍊", NOTICE_LINK},
        {"琏", NOTICE_LINK},        {"涟", NOTICE_LINK},        {"连接", NOTICE_LINK},
        {"連結", NOTICE_LINK},      {"连结", NOTICE_LINK},      {"網", NOTICE_LINK},
        {"网址", NOTICE_LINK},      {"网站", NOTICE_LINK},      {"网页", NOTICE_LINK},
        {"网子", NOTICE_LINK},      {"址", NOTICE_LINK},        {"域名", NOTICE_LINK},
        {"击", NOTICE_LINK},        {"擊", NOTICE_LINK},        {"戳", NOTICE_LINK},
        {"扫", NOTICE_LINK},        {"掃", NOTICE_LINK},        {"二维", NOTICE_LINK},
        {"二維", NOTICE_LINK},      {"码图", NOTICE_LINK},      {"图码", NOTICE_LINK},
        {"点开", NOTICE_LINK},      {"点此", NOTICE_LINK},      {"点这", NOTICE_LINK},
        {"点我", NOTICE_LINK},      {"点进", NOTICE_LINK},      {"打开", NOTICE_LINK},
        {"下载", NOTICE_LINK},      {"下載", NOTICE_LINK},      {"安装", NOTICE_LINK},
        {"安裝", NOTICE_LINK},      {"复制", NOTICE_LINK},      {"複製", NOTICE_LINK},
        {"浏览", NOTICE_LINK},      {"丶", NOTICE_LINK},        {"回复", NOTICE_REQUEST},
        {"回復", NOTICE_REQUEST},   {"回覆", NOTICE_REQUEST},   {"答复", NOTICE_REQUEST},
        {"发送", NOTICE_REQUEST},   {"發送", NOTICE_REQUEST},   {"发至", NOTICE_REQUEST},
        {"发到", NOTICE_REQUEST},   {"发给", NOTICE_REQUEST},   {"输入", NOTICE_REQUEST},
        {"輸入", NOTICE_REQUEST},   {"填写", NOTICE_REQUEST},   {"填寫", NOTICE_REQUEST},
        {"填报", NOTICE_REQUEST},   {"提交", NOTICE_REQUEST},   {"提供", NOTICE_REQUEST},
        {"告知", NOTICE_REQUEST},   {"告诉", NOTICE_REQUEST},   {"核实", NOTICE_REQUEST},
        {"核對", NOTICE_REQUEST},   {"核对", NOTICE_REQUEST},   {"认证", NOTICE_REQUEST},
        {"認證", NOTICE_REQUEST},   {"登录", NOTICE_REQUEST},   {"登陆", NOTICE_REQUEST},
        {"登錄", NOTICE_REQUEST},   {"验证", NOTICE_REQUEST},   {"驗證", NOTICE_REQUEST},
        {"动态码", NOTICE_REQUEST}, {"转账", NOTICE_REQUEST},   {"转帐", NOTICE_REQUEST},
        {"轉帳", NOTICE_REQUEST},   {"汇款", NOTICE_REQUEST},   {"匯款", NOTICE_REQUEST},
        {"付款", NOTICE_REQUEST},   {"缴费", NOTICE_REQUEST},   {"充值", NOTICE_REQUEST},
        {"账号", NOTICE_REQUEST},   {"帐号", NOTICE_REQUEST},   {"帳號", NOTICE_REQUEST},
        {"卡号", NOTICE_REQUEST},   {"卡號", NOTICE_REQUEST},   {"微信", NOTICE_REQUEST},
        {"支付宝", NOTICE_REQUEST}, {"加好友", NOTICE_REQUEST}, {"扣扣", NOTICE_REQUEST},
};

/* A run of ASCII letters or of digits, or one Han character. */
typedef enum token_kind { TOKEN_LETTERS, TOKEN_DIGITS, TOKEN_HAN } token_kind;
typedef struct token {
        uint16_t offset;
        uint16_t length;
        uint8_t kind;         /* token_kind */
        bool touches_next;    /* nothing stands between it and the next one */
        bool dot_before_next; /* a stop alone does */
} token;

typedef struct reading {
        bytes text;
        size_t count;
        token tokens[TOKENS_MAX];
} reading;

static notice_finding found(notice_fault fault, size_t offset, const char *word)
{
        return (notice_finding){fault, offset, word};
}

static bool is_letter(uint32_t c)
{
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(uint32_t c)
{
        return c >= '0' && c <= '9';
}

static bool is_han(uint32_t c)
{
        return (c >= 0x4e00 && c <= 0x9fff) || (c >= 0x3400 && c <= 0x4dbf);
}

static bool is_stop(uint32_t c)
{
        return c == '.' || c == 0x3002; /* 。is a dot to what reads links */
}

/* Plain punctuation, and the star of masked names. No slash, at, colon between letters, number
 * sign, equals, underscore. */
static bool is_mark(uint32_t c)
{
        static const uint32_t wide[] = {0xff0c, 0x3002, 0x3001, 0xff1b, 0xff1a,
                                        0xff1f, 0xff01, 0xff08, 0xff09, 0x300a,
                                        0x300b, 0x201c, 0x201d, 0x2018, 0x2019};
        for (size_t i = 0; i < ARRAY_LENGTH(wide); i++)
                if (c == wide[i]) return true;
        return c < 0x80 && c != 0 && strchr(" .,;:?!()'\"-*%\n", (int)c) != NULL;
}

static token_kind kind_of(uint32_t c)
{
        return is_han(c) ? TOKEN_HAN : is_digit(c) ? TOKEN_DIGITS : TOKEN_LETTERS;
}

static void add(reading *r, size_t offset, size_t length, token_kind kind, bool touches)
{
        token *last = r->count > 0 ? &r->tokens[r->count - 1] : NULL;
        if (last && touches && kind != TOKEN_HAN && last->kind == kind) {
                last->length = (uint16_t)(last->length + length);
                return;
        }
        if (last) last->touches_next = touches;
        r->tokens[r->count++] = (token){(uint16_t)offset, (uint16_t)length, kind, false, false};
}

/* Cuts the text into tokens; refuses the first character that does not belong. */
static notice_finding read_tokens(reading *r)
{
        bool touches = false;
        size_t stops = 0, others = 0;
        for (size_t at = 0; at < r->text.length;) {
                uint32_t c;
                size_t length = utf8_decode(bytes_of(r->text.data + at, r->text.length - at), &c);
                if (length == 0) return found(NOTICE_NOT_UTF8, at, NULL);
                if (is_letter(c) || is_digit(c) || is_han(c)) {
                        if (r->count > 0)
                                r->tokens[r->count - 1].dot_before_next = stops > 0 && others == 0;
                        add(r, at, length, kind_of(c), touches);
                        touches = true;
                        stops = others = 0;
                } else if (is_mark(c)) {
                        touches = false;
                        if (is_stop(c))
                                stops++;
                        else
                                others++;
                } else {
                        return found(NOTICE_CHARACTER, at, NULL);
                }
                at += length;
        }
        return found(NOTICE_OK, 0, NULL);
}

/* Between Latin words a stop needs a blank after it; letters and digits do not make one word. */
static notice_finding check_joints(const reading *r)
{
        for (size_t i = 0; i + 1 < r->count; i++) {
                const token *a = &r->tokens[i], *b = &r->tokens[i + 1];
                if (a->kind == TOKEN_HAN || b->kind == TOKEN_HAN) continue;
                if (a->dot_before_next) return found(NOTICE_LINK, b->offset, ".");
                if (a->touches_next && a->kind != b->kind)
                        return found(NOTICE_MIXED, a->offset, NULL);
        }
        return found(NOTICE_OK, 0, NULL);
}

static bool token_is(const reading *r, const token *t, const char *text)
{
        return t->length == strlen(text) && memcmp(r->text.data + t->offset, text, t->length) == 0;
}

/* Years, days and counts; 12333, and an area code before it. A row of numbers is one number. */
static notice_finding check_numbers(const reading *r)
{
        size_t row = 0;
        for (size_t i = 0; i < r->count; i++) {
                const token *t = &r->tokens[i];
                const bool hotline = token_is(r, t, "12333");
                row = t->kind == TOKEN_DIGITS && !hotline ? row + t->length : 0;
                if (row > ROW_DIGITS_MAX || (row > 0 && t->length > NUMBER_DIGITS_MAX))
                        return found(NOTICE_NUMBER, t->offset, NULL);
        }
        return found(NOTICE_OK, 0, NULL);
}

static bool is_upper(uint8_t c)
{
        return c >= 'A' && c <= 'Z';
}

static char lower(uint8_t c)
{
        return (char)(is_upper(c) ? c - 'A' + 'a' : c);
}

/* A word is lower case, has a capital, or is capitals: anything else is two words glued, or a
 * disguise. */
static notice_finding check_cases(const reading *r)
{
        for (size_t i = 0; i < r->count; i++) {
                const token *t = &r->tokens[i];
                const uint8_t *letters = r->text.data + t->offset;
                size_t capitals = 0;
                for (size_t k = 0; k < t->length && t->kind == TOKEN_LETTERS; k++)
                        capitals += is_upper(letters[k]);
                const bool plain = capitals == 0 || capitals == t->length ||
                                   (capitals == 1 && is_upper(letters[0]));
                if (t->kind == TOKEN_LETTERS && !plain) return found(NOTICE_MIXED, t->offset, NULL);
        }
        return found(NOTICE_OK, 0, NULL);
}

/* A long banned word inside one word: "thewebsiteof". */
static bool latin_inside(const reading *r, const token *t, const char *word)
{
        const size_t want = strlen(word);
        if (want < GLUED_LETTERS_MIN) return false;
        for (size_t from = 0; from + want <= t->length; from++) {
                size_t k = 0;
                while (k < want && lower(r->text.data[t->offset + from + k]) == word[k])
                        k++;
                if (k == want) return true;
        }
        return false;
}

/* Does `word` begin at token `first`, over token borders but ending at one? */
static bool latin_at(const reading *r, size_t first, const char *word)
{
        size_t have = 0;
        const size_t want = strlen(word);
        for (size_t i = first; i < r->count && i < first + JOINED_TOKENS_MAX && have < want; i++) {
                const token *t = &r->tokens[i];
                if (t->kind != TOKEN_LETTERS || have + t->length > want) return false;
                for (size_t k = 0; k < t->length; k++)
                        if (lower(r->text.data[t->offset + k]) != word[have + k]) return false;
                have += t->length;
        }
        return have == want;
}

/* Does `word` stand here, with any marks between its characters? */
static bool han_at(const reading *r, size_t first, const char *word)
{
        size_t at = 0;
        const size_t want = strlen(word);
        for (size_t i = first; i < r->count && at < want; i++) {
                const token *t = &r->tokens[i];
                if (t->kind != TOKEN_HAN || at + t->length > want ||
                    memcmp(r->text.data + t->offset, word + at, t->length) != 0)
                        return false;
                at += t->length;
        }
        return at == want;
}

static notice_finding check_words(const reading *r)
{
        for (size_t i = 0; i < r->count; i++) {
                if (r->tokens[i].kind == TOKEN_DIGITS) continue;
                const bool han = r->tokens[i].kind == TOKEN_HAN;
                const banned_word *words = han ? han_words : latin_words;
                const size_t count = han ? ARRAY_LENGTH(han_words) : ARRAY_LENGTH(latin_words);
                for (size_t k = 0; k < count; k++)
                        if (han ? han_at(r, i, words[k].text)
                                : latin_at(r, i, words[k].text) ||
                                            latin_inside(r, &r->tokens[i], words[k].text))
                                return found(words[k].fault, r->tokens[i].offset, words[k].text);
        }
        return found(NOTICE_OK, 0, NULL);
}

notice_finding notice_text_check(bytes text)
{
        if (text.length == 0) return found(NOTICE_EMPTY, 0, NULL);
        if (text.length > NOTICE_BYTES_MAX) return found(NOTICE_TOO_LONG, NOTICE_BYTES_MAX, NULL);
        reading r = {.text = text, .count = 0};
        notice_finding finding = read_tokens(&r);
        if (finding.fault == NOTICE_OK) finding = check_joints(&r);
        if (finding.fault == NOTICE_OK) finding = check_numbers(&r);
        if (finding.fault == NOTICE_OK) finding = check_cases(&r);
        if (finding.fault == NOTICE_OK) finding = check_words(&r);
        return finding;
}

const char *notice_fault_name(notice_fault fault)
{
        static const char *const names[] = {
                [NOTICE_OK] = "OK",
                [NOTICE_EMPTY] = "EMPTY",
                [NOTICE_TOO_LONG] = "TOO_LONG",
                [NOTICE_NOT_UTF8] = "NOT_UTF8",
                [NOTICE_CHARACTER] = "CHARACTER",
                [NOTICE_MIXED] = "MIXED",
                [NOTICE_NUMBER] = "NUMBER",
                [NOTICE_LINK] = "LINK",
                [NOTICE_REQUEST] = "REQUEST",
                [NOTICE_PLACEHOLDER] = "PLACEHOLDER",
        };
        assert((size_t)fault < ARRAY_LENGTH(names));
        return names[fault];
}
