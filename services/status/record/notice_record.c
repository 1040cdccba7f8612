/* The codec of notices: one message type for rows and journal. */
#include "services/status/record/notice_record.h"

#include "services/status/record/notice_record.pb-c.h"

bytes notice_record_pack(const record_keys *keys, arena *a, const notice_record *notice)
{
        StatusRecord__NoticePrivate secret = STATUS_RECORD__NOTICE_PRIVATE__INIT;
        secret.text = notice->text;
        secret.phone = notice->phone;
        StatusRecord__Notice message = STATUS_RECORD__NOTICE__INIT;
        message.id = record_id(&notice->id);
        message.version = notice->version;
        message.template_ = notice->template_code;
        message.about = notice->about;
        message.language = (uint32_t)notice->language;
        message.written_at = notice->written_at_ms;
        message.delivered_at = notice->delivered_at_ms;
        message.given_up_at = notice->given_up_at_ms;
        message.attempts = notice->attempts;
        message.pack_version = notice->pack_version;
        message.sealed = record_seal(keys, a, "notice", &notice->id, record_pack(a, &secret.base));
        return record_pack(a, &message.base);
}

bool notice_record_unpack(const keyring *ring, arena *a, bytes packed, notice_record *notice,
                          failure *f)
{
        const StatusRecord__Notice *message = (const StatusRecord__Notice *)record_unpack(
                a, &status_record__notice__descriptor, packed);
        bytes plain;
        if (!message || !record_id_read(message->id, &notice->id))
                return record_malformed(f, "notice");
        if (!record_open(ring, a, "notice", &notice->id, message->sealed, &plain, f)) return false;
        const StatusRecord__NoticePrivate *secret =
                (const StatusRecord__NoticePrivate *)record_unpack(
                        a, &status_record__notice_private__descriptor, plain);
        if (!secret) return record_malformed(f, "notice");
        notice->version = message->version;
        notice->template_code = message->template_;
        notice->about = message->about;
        notice->language = (int)message->language;
        notice->written_at_ms = message->written_at;
        notice->delivered_at_ms = message->delivered_at;
        notice->given_up_at_ms = message->given_up_at;
        notice->attempts = message->attempts;
        notice->pack_version = message->pack_version;
        notice->text = secret->text;
        notice->phone = secret->phone;
        return true;
}
