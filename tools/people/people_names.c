/* Names of people. */
#include "tools/people/people_names.h"

#include <assert.h>

typedef struct surname {
        const char *text;
        uint16_t weight;
} surname;

/* clang-format off */
static const surname SURNAMES[] = {
        {"王", 72}, {"李", 71}, {"张", 68}, {"刘", 52}, {"陈", 47}, {"杨", 31}, {"黄", 24}, {"赵", 22},
        {"吴", 21}, {"周", 20}, {"徐", 15}, {"孙", 15}, {"马", 14}, {"朱", 13}, {"胡", 12}, {"郭", 12},
        {"何", 11}, {"林", 11}, {"高", 10}, {"罗", 9},  {"郑", 9},  {"梁", 9},  {"谢", 8},  {"宋", 7},
        {"唐", 7},  {"许", 6},  {"韩", 6},  {"邓", 6},  {"冯", 6},  {"曹", 6},  {"彭", 6},  {"曾", 6},
        {"肖", 5},  {"田", 5},  {"董", 5},  {"潘", 5},  {"袁", 5},  {"蔡", 5},  {"蒋", 5},  {"余", 5},
        {"于", 5},  {"杜", 4},  {"叶", 4},  {"程", 4},  {"魏", 4},  {"苏", 4},  {"吕", 4},  {"丁", 4},
        {"沈", 4},  {"任", 4},  {"姚", 4},  {"卢", 4},  {"钟", 4},  {"欧阳", 1}, {"诸葛", 1}, {"上官", 1},
};
static const char *const WOMEN[] = {
        "秀", "英", "芳", "娜", "敏", "静", "丽", "艳", "娟", "霞", "燕", "玲", "桂", "兰", "梅", "婷",
        "雪", "琳", "洁", "云", "莉", "红", "佳", "欣", "怡", "梓", "涵", "诗", "雨", "萱", "颖", "慧",
};
static const char *const MEN[] = {
        "伟", "强", "磊", "军", "洋", "勇", "杰", "涛", "明", "超", "辉", "刚", "建", "国", "志", "华",
        "平", "鹏", "飞", "浩", "宇", "轩", "俊", "文", "斌", "博", "海", "波", "东", "子", "晨", "天",
};
static const char *const LONG_WOMEN[] = {"阿依古丽·买买提", "古丽娜尔·艾尔肯", "卓玛·央金", "帕提古丽·吐尔逊"};
static const char *const LONG_MEN[] = {"买买提·吐尔逊", "艾力·库尔班", "扎西·多吉", "阿卜杜热合曼·艾合买提"};
/* clang-format on */

uint32_t people_below(random_source *random, uint32_t count)
{
        assert(count > 0);
        return (uint32_t)(((random_u64(random) >> 32) * count) >> 32);
}

static const char *surname_draw(random_source *random)
{
        uint32_t total = 0;
        for (size_t i = 0; i < ARRAY_LENGTH(SURNAMES); i++)
                total += SURNAMES[i].weight;
        uint32_t left = people_below(random, total);
        for (size_t i = 0; i < ARRAY_LENGTH(SURNAMES); i++) {
                if (left < SURNAMES[i].weight) return SURNAMES[i].text;
                left -= SURNAMES[i].weight;
        }
        assert(!"weights do not add up");
        return NULL;
}

const char *people_name(random_source *random, bool female, arena *a)
{
        if (people_below(random, 100) == 0) {
                uint32_t which = people_below(random, ARRAY_LENGTH(LONG_MEN));
                return female ? LONG_WOMEN[which] : LONG_MEN[which];
        }
        const char *const *pool = female ? WOMEN : MEN;
        const char *first = surname_draw(random);
        const char *second = pool[people_below(random, ARRAY_LENGTH(WOMEN))];
        bool single = people_below(random, 100) < 15;
        const char *third = single ? "" : pool[people_below(random, ARRAY_LENGTH(MEN))];
        return arena_format(a, "%s%s%s", first, second, third);
}

_Static_assert(ARRAY_LENGTH(WOMEN) == ARRAY_LENGTH(MEN), "one draw serves both");
_Static_assert(ARRAY_LENGTH(LONG_WOMEN) == ARRAY_LENGTH(LONG_MEN), "one draw serves both");
