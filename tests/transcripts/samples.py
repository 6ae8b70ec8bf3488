"""One file of every format, made by the rules of the program that writes it; the words are ours.

Everywhere somebody says "we tried Himo Jam today", and where the format has words, word by word: a name that was
heard as two words is what tells whether every copy follows.
"""

from __future__ import annotations

import json
from typing import NamedTuple

__all__ = ["HEARD", "RIGHT", "SAMPLES", "Sample"]

HEARD, RIGHT = "Himo Jam", "Himojam"
WORDS = ["we", "tried", "Himo", "Jam", "today."]
TEXT = "We tried Himo Jam today."


class Sample(NamedTuple):
    """A file."""

    name: str
    """As it is usually called."""
    raw: str
    kind: str
    """The format it must be taken for, or the program."""
    copies: int = 1
    """How often the name stands in it."""


def words(key: str, start: str, end: str, scale: float = 1.0, **more: object) -> list[dict[str, object]]:
    """The words, each an object with its times."""
    out = []
    for k, word in enumerate(["We", *WORDS[1:]]):
        times = (round(k * 0.3 * scale, 3), round((k + 1) * 0.3 * scale, 3))
        out.append({key: word, start: _number(times[0], scale), end: _number(times[1], scale), **more})
    return out


def _number(value: float, scale: float) -> float | int:
    return int(value) if scale > 1 else value


def _json(kind: str, data: object, copies: int, name: str = "") -> Sample:
    return Sample(name or f"{kind}.json", json.dumps(data, ensure_ascii=False, indent=1), kind, copies)


def _vendors() -> list[Sample]:
    ms = {"start_time": 0, "end_time": 1500}
    srt = f"1\n00:00:00,000 --> 00:00:01,500\n{TEXT}\n"
    azure = [
        {"word": w.strip("."), "offset": f"PT{k * 0.3:.1f}S", "duration": "PT0.3S", "offsetInTicks": k * 3_000_000.0,
         "durationInTicks": 3_000_000.0}
        for k, w in enumerate(WORDS)
    ]  # fmt: skip
    shown = dict.fromkeys(("lexical", "itn", "maskedITN"), TEXT.lower().strip("."))
    return [
        _json("youtube-json3", {"wireMagic": "pb3", "pens": [{}], "events": [
            {"tStartMs": 0, "dDurationMs": 5000, "id": 1, "wpWinPosId": 1},
            {"tStartMs": 100, "dDurationMs": 1500, "wWinId": 1, "segs": [
                {"utf8": w if not k else f" {w}", "tOffsetMs": k * 300, "acAsrConf": 0} for k, w in enumerate(WORDS)]},
            {"tStartMs": 1600, "dDurationMs": 10, "wWinId": 1, "aAppend": 1, "segs": [{"utf8": "\n"}]},
        ]}, 1, "talk.en.json3"),
        _json("capcut", {"canvas_config": {"height": 1080}, "materials": {"texts": [{
            "id": "A1", "type": "subtitle", "recognize_text": TEXT,
            "content": json.dumps({"styles": [{"range": [0, len(TEXT)], "size": 5.0}], "text": TEXT}),
            "words": {"text": TEXT.split(), "start_time": [k * 300 for k in range(5)],
                      "end_time": [k * 300 + 300 for k in range(5)]},
        }]}, "tracks": []}, 3, "draft_content.json"),
        _json("bilibili", {"font_size": 0.4, "type": "AIsubtitle", "body": [
            {"from": 0.0, "to": 1.5, "sid": 1, "content": TEXT, "music": 0.0}]}, 1, "talk.bcc"),
        _json("bcut", {"utterances": [{**ms, "transcript": TEXT, "words": words("label", "start_time", "end_time", 1000)}]}, 2),
        _json("dashscope", {"file_url": "x", "transcripts": [{"channel_id": 0, "text": TEXT, "sentences": [
            {"begin_time": 0, "end_time": 1500, "text": TEXT, "sentence_id": 1,
             "words": words("text", "begin_time", "end_time", 1000, punctuation="")}]}]}, 3),
        _json("volcengine", {"audio_info": {"duration": 1500}, "result": {"text": TEXT, "utterances": [
            {**ms, "text": TEXT, "definite": True, "words": words("text", "start_time", "end_time", 1000)}]}}, 3),
        _json("tencent", {"Data": {"TaskId": 1, "Result": f"[0:0.000,0:1.500]  {TEXT}\n", "ResultDetail": [
            {"FinalSentence": TEXT, "SliceSentence": "We tried Himo Jam today", "StartMs": 0, "EndMs": 1500, "WordsNum": 5,
             "Words": words("Word", "OffsetStartMs", "OffsetEndMs", 1000), "SpeakerId": 0}]}}, 4),
        _json("tencent-flash", {"code": 0, "flash_result": [{"channel_id": 0, "text": TEXT, "sentence_list": [
            {**ms, "text": TEXT, "speaker_id": 0, "word_list": words("word", "start_time", "end_time", 1000)}]}]}, 3),
        _json("tingwu", {"TaskId": "t", "Transcription": {"AudioInfo": {"Duration": 1500}, "Paragraphs": [
            {"ParagraphId": "1", "SpeakerId": "1", "Words": words("Text", "Start", "End", 1000, SentenceId=1)}]}}, 1),
        _json("feishu", {"paragraphs": [{"pid": "1", "start_time": "0", "stop_time": "1500", "sentences": [
            {"sid": "1", "contents": words("content", "start_time", "stop_time", 1000, language="en_us")}]}]}, 1),
        _json("iflytek", {"code": "000000", "content": {"orderResult": json.dumps({"lattice": [{"json_1best": json.dumps(
            {"st": {"bg": "0", "ed": "1500", "rl": "1", "rt": [{"ws": [
                {"wb": k * 30, "we": k * 30 + 30, "cw": [{"w": w, "wp": "n"}]} for k, w in enumerate(WORDS)]}]}})}]})}}, 1),
        _json("iflytek-onebest", [{"bg": "0", "ed": "1500", "onebest": TEXT, "speaker": "1"}], 1),
        _json("baidu", {"tasks_info": [{"task_status": "Success", "task_result": {"result": [TEXT], "detailed_result": [
            {"res": [TEXT], "begin_time": 0, "end_time": 1500, "words_info": words("words", "begin_time", "end_time", 1000)}
        ]}}]}, 3),
        _json("aliyun", {"StatusText": "SUCCESS", "Result": {
            "Sentences": [{"BeginTime": 0, "EndTime": 1500, "Text": TEXT, "ChannelId": 0}],
            "Words": words("Word", "BeginTime", "EndTime", 1000)}}, 2),
        _json("huawei", {"status": "FINISHED", "segments": [{**ms, "result": {
            "text": TEXT, "word_info": words("word", "start_time", "end_time", 1000)}}]}, 2),
        _json("deepgram", {"metadata": {"request_id": "x"}, "results": {
            "channels": [{"alternatives": [{"transcript": TEXT, "confidence": 0.9,
                "words": [{**w, "punctuated_word": w["word"]} for w in words("word", "start", "end")],
                "paragraphs": {"transcript": f"\nSpeaker 0: {TEXT}", "paragraphs": [
                    {"speaker": 0, "sentences": [{"text": TEXT, "start": 0.0, "end": 1.5}]}]}}]}],
            "utterances": [{"start": 0.0, "end": 1.5, "transcript": TEXT, "speaker": 0,
                            "words": [{**w, "punctuated_word": w["word"]} for w in words("word", "start", "end")]}]}}, 8),
        _json("aws", {"jobName": "j", "status": "COMPLETED", "results": {
            "transcripts": [{"transcript": TEXT}],
            "items": [*({"id": k, "type": "pronunciation", "alternatives": [{"confidence": "0.9", "content": w.strip(".")}],
                         "start_time": f"{k * 0.3:.1f}", "end_time": f"{k * 0.3 + 0.3:.1f}"} for k, w in enumerate(WORDS)),
                      {"id": 5, "type": "punctuation", "alternatives": [{"confidence": "0.0", "content": "."}]}],
            "audio_segments": [{"id": 0, "transcript": TEXT, "start_time": "0.0", "end_time": "1.5", "items": [0, 1, 2, 3, 4, 5]}],
        }}, 3),
        _json("azure-batch", {"source": "x", "combinedRecognizedPhrases": [{"channel": 0, **shown, "display": TEXT}],
            "recognizedPhrases": [{"recognitionStatus": "Success", "offset": "PT0S", "duration": "PT1.5S", "nBest": [
                {"confidence": 0.9, **shown, "display": TEXT, "words": azure}]}]}, 9),
        _json("azure-fast", {"durationMilliseconds": 1500, "combinedPhrases": [{"text": TEXT}], "phrases": [
            {"offsetMilliseconds": 0, "durationMilliseconds": 1500, "text": TEXT, "locale": "en-US",
             "words": [{"text": w, "offsetMilliseconds": k * 300, "durationMilliseconds": 300} for k, w in enumerate(TEXT.split())]}
        ]}, 3),
        _json("azure-detailed", {"RecognitionStatus": "Success", "Offset": 0, "Duration": 15_000_000, "DisplayText": TEXT, "NBest": [
            {"Confidence": 0.9, "Lexical": "we tried himo jam today", "ITN": "we tried himo jam today", "Display": TEXT}]}, 4),
        _json("watson", {"result_index": 0, "results": [{"final": True, "alternatives": [{"transcript": "we tried Himo Jam today ",
            "timestamps": [[w.strip("."), k * 0.3, k * 0.3 + 0.3] for k, w in enumerate(WORDS)]}]}]}, 2),
        _json("google", {"results": [{"alternatives": [{"transcript": TEXT, "confidence": 0.9,
            "words": [{"startTime": f"{k * 0.3:.1f}s", "endTime": f"{k * 0.3 + 0.3:.1f}s", "word": w} for k, w in enumerate(TEXT.split())]}],
            "resultEndTime": "1.5s", "languageCode": "en-us"}]}, 2),
        _json("speechmatics", {"format": "2.9", "metadata": {"type": "transcription"}, "results": [
            *({"type": "word", "start_time": k * 0.3, "end_time": k * 0.3 + 0.3,
               "alternatives": [{"content": w.strip("."), "confidence": 1.0, "speaker": "S1"}]} for k, w in enumerate(WORDS)),
            {"type": "punctuation", "start_time": 1.5, "end_time": 1.5, "is_eos": True,
             "alternatives": [{"content": ".", "speaker": "S1"}]}]}, 1),
        _json("rev", {"monologues": [{"speaker": 0, "elements": [e for k, w in enumerate(WORDS) for e in (
            {"type": "text", "value": w.strip("."), "ts": k * 0.3, "end_ts": k * 0.3 + 0.3, "confidence": 0.9},
            {"type": "punct", "value": " " if k < 4 else "."})]}]}, 1),
        _json("gladia", {"id": "g", "status": "done", "result": {"transcription": {"full_transcript": TEXT, "utterances": [
            {"text": TEXT, "start": 0.0, "end": 1.5, "speaker": 0,
             "words": [{**w, "word": f" {w['word']}"} for w in words("word", "start", "end")]}],
            "subtitles": [{"format": "srt", "subtitles": srt}]}}}, 4),
        _json("elevenlabs", {"language_code": "eng", "text": TEXT, "words": [e for k, w in enumerate(TEXT.split()) for e in (
            {"text": w, "start": k * 0.3, "end": k * 0.3 + 0.25, "type": "word", "speaker_id": "speaker_0"},
            *([{"text": " ", "start": k * 0.3 + 0.25, "end": k * 0.3 + 0.3, "type": "spacing"}] if k < 4 else []))],
            "additional_formats": [{"requested_format": "srt", "content": srt}]}, 3),
        _json("assemblyai", {"id": "a", "status": "completed", "audio_url": "x", "text": TEXT, "words": words("text", "start", "end", 1000),
            "utterances": [{"text": TEXT, "start": 0, "end": 1500, "speaker": "A", "words": words("text", "start", "end", 1000)}]}, 4),
        _json("soniox", {"text": TEXT, "tokens": [
            {"text": w if not k else f" {w}", "start_ms": k * 300, "end_ms": k * 300 + 300, "confidence": 0.9}
            for k, w in enumerate(TEXT.split())]}, 2),
        _json("vosk", {"result": words("word", "start", "end", conf=1.0), "text": "We tried Himo Jam today."}, 2),
        _json("funasr", [{"key": "a", "text": TEXT, "sentence_info": [{"text": TEXT, "start": 0, "end": 1500, "spk": 0}]}], 2),
        _json("premiere", {"language": "en-us", "segments": [{"start": 0.0, "duration": 1.5, "speaker": "u", "words": [
            {"text": w, "start": k * 0.25, "duration": 0.25, "eos": k == 4, "type": "word", "confidence": 1.0, "tags": []}
            for k, w in enumerate(WORDS)]}], "speakers": [{"id": "u", "name": "Ann"}]}, 1),
        _json("amberscript", {"segments": [{"speaker": "spk1", "words": words("text", "start", "end", pristine=True)}],
                              "speakers": [{"spkid": "spk1", "name": "Ann"}]}, 1),
        _json("happyscribe", [{"speaker": "Ann", "words": words("text", "data_start", "data_end", type="text")}], 1),
        _json("recall", [{"participant": {"id": 1, "name": "Ann"}, "words": [
            {"text": w, "start_timestamp": {"relative": k * 0.3}, "end_timestamp": {"relative": k * 0.3 + 0.3}}
            for k, w in enumerate(WORDS)]}], 1),
        _json("fireflies", {"data": {"transcript": {"title": "t", "sentences": [
            {"index": 0, "speaker_name": "Ann", "text": TEXT, "raw_text": TEXT, "start_time": 0.0, "end_time": 1.5}]}}}, 2),
        _json("otter", {"speech": {"title": "t", "transcripts": [{"transcript": TEXT, "start_offset": 0, "end_offset": 24000,
            "alignment": words("word", "start", "end")}]}}, 2),
        _json("symbl", {"messages": [{"id": "1", "text": TEXT, "from": {"name": "Ann"}, "startTime": "2026-01-01T00:00:00Z",
            "conversationId": "c", "words": words("word", "startTime", "endTime")}]}, 2),
        _json("sonix", {"name": "t", "transcript": [{"speaker": "Ann", "start_time": 0.0, "end_time": 1.5, "text": TEXT,
            "words": words("text", "start_time", "end_time")}]}, 2),
        _json("whisper-cpp", {"systeminfo": "x", "result": {"language": "en"}, "transcription": [
            {"timestamps": {"from": "00:00:00,000", "to": "00:00:01,500"}, "offsets": {"from": 0, "to": 1500}, "text": f" {TEXT}",
             "tokens": [{"text": "[_BEG_]", "id": 50364, "offsets": {"from": 0, "to": 0}}, *(
                 {"text": t, "id": k, "offsets": {"from": k * 200, "to": k * 200 + 200}}
                 for k, t in enumerate([" We", " tried", " Him", "o", " Jam", " today", "."]))]}]}, 2),
        _json("transformers", {"text": f" {TEXT}", "chunks": [{"timestamp": [0.0, 1.5], "text": f" {TEXT}"}]}, 2),
        _json("podcast", {"version": "1.0.0", "segments": [{"speaker": "Ann", "startTime": 0, "endTime": 1.5, "body": TEXT}]}, 1),
        _json("cloudflare", {"text": TEXT, "word_count": 5, "words": words("word", "start", "end"),
                             "vtt": f"WEBVTT\n\n00:00.000 --> 00:01.500\n{TEXT}\n"}, 3),
        _json("whisper", {"text": f" {TEXT}", "language": "en", "segments": [{"id": 0, "seek": 0, "start": 0.0, "end": 1.5, "text": f" {TEXT}",
            "tokens": [1, 2], "words": [{**w, "word": f" {w['word']}"} for w in words("word", "start", "end")]}]}, 3),
        _json("whisper", {"segments": [{"start": 0.0, "end": 1.5, "text": f" {TEXT}", "words": words("word", "start", "end", score=0.9)}],
                          "word_segments": words("word", "start", "end", score=0.9)}, 3, "whisperx.json"),
        _json("whisper", {"task": "transcribe", "duration": 1.5, "text": TEXT, "words": words("word", "start", "end")}, 2, "openai.json"),
        _json("captions", {"captions": [{"start": 0, "end": 1.5, "text": TEXT}]}, 1),
    ]  # fmt: skip


def _texts() -> list[Sample]:
    grid = (
        'File type = "ooTextFile"\nObject class = "TextGrid"\n\nxmin = 0\nxmax = 1.5\ntiers? <exists>\nsize = 2\nitem []:\n'
        '    item [1]:\n        class = "IntervalTier"\n        name = "words"\n        xmin = 0\n        xmax = 1.5\n'
        "        intervals: size = 5\n"
        + "".join(
            f'        intervals [{k + 1}]:\n            xmin = {k * 0.3:.1f}\n            xmax = {k * 0.3 + 0.3:.1f}\n'
            f'            text = "{w}"\n'
            for k, w in enumerate(TEXT.split())
        )
        + '    item [2]:\n        class = "IntervalTier"\n        name = "sentences"\n        xmin = 0\n        xmax = 1.5\n'
        f'        intervals: size = 1\n        intervals [1]:\n            xmin = 0\n            xmax = 1.5\n            text = "{TEXT}"\n'
    )  # fmt: skip
    eaf = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<ANNOTATION_DOCUMENT AUTHOR="" DATE="2026-01-01T00:00:00+00:00" FORMAT="3.0" '
        'VERSION="3.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        'xsi:noNamespaceSchemaLocation="http://www.mpi.nl/tools/elan/EAFv3.0.xsd">\n<HEADER MEDIA_FILE="" TIME_UNITS="milliseconds"/>\n<TIME_ORDER><TIME_SLOT TIME_SLOT_ID="ts1" '
        'TIME_VALUE="0"/><TIME_SLOT TIME_SLOT_ID="ts2" TIME_VALUE="1500"/></TIME_ORDER>\n<TIER LINGUISTIC_TYPE_REF="default-lt" '
        'TIER_ID="Ann" PARTICIPANT="Ann">\n<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a1" TIME_SLOT_REF1="ts1" '
        f'TIME_SLOT_REF2="ts2"><ANNOTATION_VALUE>{TEXT}</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>\n</TIER>\n'
        '<LINGUISTIC_TYPE LINGUISTIC_TYPE_ID="default-lt" TIME_ALIGNABLE="true"/>\n</ANNOTATION_DOCUMENT>\n'
    )
    tt = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<tt xmlns="http://www.w3.org/ns/ttml" xml:lang="en">\n<head><metadata/></head>\n'
        '<body><div>\n<p begin="00:00:00.000" end="00:00:01.500">We tried Himo<br/>Jam today &amp; more</p>\n</div></body>\n</tt>\n'
    )
    return [
        Sample("talk.txt", f"Ann: {TEXT}\n\n{TEXT}\n", "txt", 2),
        Sample("stamped.txt", "[00:00:01] We tried Himo [00:00:02] Jam today.\n", "txt"),
        Sample("talk.md", f"# Talk\n\n{TEXT} See [docs](a.md).\n", "md"),
        Sample("talk.srt", "1\n00:00:00,000 --> 00:00:01,500\n<i>We tried Himo\nJam today.</i>\n", "srt"),
        Sample("zoom.vtt", f"WEBVTT\n\n1\n00:00:00.000 --> 00:00:01.500\nAnn Lee: {TEXT}\n", "vtt"),
        Sample("teams.vtt", f"WEBVTT\n\na/1-0\n00:00:00.000 --> 00:00:01.500\n<v Ann Lee>{TEXT}</v>\n", "vtt"),
        Sample("talk.vtt", "WEBVTT\nKind: captions\n\n00:00.000 --> 00:01.500\nWe<00:00:00.300><c> tried</c><00:00:00.600>"
               "<c> Himo</c><00:00:00.900><c> Jam</c><00:00:01.200><c> today.</c>\n", "vtt"),
        Sample("talk.ass", "[Script Info]\nScriptType: v4.00+\n\n[V4+ Styles]\nFormat: Name, Fontname, Fontsize\nStyle: Default,Arial,20\n\n[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, "
               "MarginV, Effect, Text\nDialogue: 0,0:00:00.00,0:00:01.50,Default,,0,0,0,,{\\i1}We tried Himo\\NJam today.\n", "ass"),
        Sample("talk.ssa", "[Script Info]\nScriptType: v4.00\n\n[V4 Styles]\nFormat: Name, Fontname, Fontsize\nStyle: Default,Arial,20\n\n[Events]\nFormat: Marked, Start, End, Style, Name, MarginL, MarginR, "
               f"MarginV, Effect, Text\nDialogue: Marked=0,0:00:00.00,0:00:01.50,Default,,0,0,0,,{TEXT}\n", "ass"),
        Sample("talk.lrc", f"[ti:Talk]\n[00:00.00]{TEXT}\n[00:01.50]\n", "lrc"),
        Sample("meet.sbv", f"0:00:00.000,0:00:01.500\n(Ann Lee) {TEXT}\n\n0:00:01.500,0:00:02.000\n(Bob) Fine.\n", "sbv"),
        Sample("subviewer.sub", "[INFORMATION]\n[TITLE]Talk\n[END INFORMATION]\n[SUBTITLE]\n00:00:00.00,00:00:01.50\nWe tried Himo[br]Jam "
               "today.\n\n", "subviewer"),
        Sample("talk.sub", "{1}{1}25.000\n{0}{37}We tried Himo|Jam today and {y:i}more\n{37}{50}Fine.\n", "microdvd"),
        Sample("talk.mpl2", "[0][15]We tried Himo|Jam today.\n[15][20]Fine.\n", "mpl2"),
        Sample("talk.tmp", "00:00:00:We tried Himo|Jam today.\n00:00:02:Fine.\n", "tmplayer"),
        Sample("talk.ttml", tt, "ttml"),
        Sample("talk.dfxp", tt.replace("ns/ttml", "2006/10/ttaf1"), "ttml"),
        Sample("talk.itt", tt.replace('xml:lang="en"', 'xml:lang="en" xmlns:ttp="http://www.w3.org/ns/ttml#parameter" '
                                      'ttp:frameRate="25"'), "ttml"),
        Sample("ebu.xml", tt.replace("<", "<tt:").replace("<tt:/", "</tt:").replace("<tt:?", "<?").replace("xmlns=", "xmlns:tt="), "ttml"),
        Sample("talk.srv3", '<?xml version="1.0" encoding="utf-8" ?><timedtext format="3"><head><ws id="0"/></head><body><w t="0" id="1"/>'
               '<p t="0" d="1500" w="1"><s ac="0">We</s><s t="300" ac="0"> tried</s><s t="600" ac="0"> Himo</s><s t="900" ac="0"> Jam</s>'
               '<s t="1200" ac="0"> today.</s></p></body></timedtext>', "srv3"),
        Sample("talk.srv1", f'<?xml version="1.0" encoding="utf-8" ?><transcript><text start="0" dur="1.5">{TEXT}</text></transcript>',
               "srv1"),
        Sample("talk.srv2", f'<?xml version="1.0" encoding="utf-8" ?><timedtext><text t="0" d="1500">{TEXT}</text></timedtext>', "srv2"),
        Sample("talk.smi", "<SAMI>\n<HEAD><TITLE>Talk</TITLE></HEAD>\n<BODY>\n<SYNC Start=0><P Class=ENCC>We tried Himo<br>Jam today.\n"
               "<SYNC Start=1500><P Class=ENCC>&nbsp;\n</BODY>\n</SAMI>\n", "smi"),
        Sample("talk.fcpxml", '<?xml version="1.0" encoding="UTF-8"?>\n<fcpxml version="1.9"><library><title name="t" offset="0s" '
               f'duration="3/2s"><text><text-style ref="ts1">{TEXT}</text-style></text></title></library></fcpxml>\n', "fcpxml"),
        Sample("podcast.html", f"<!DOCTYPE html><html><body><cite>Ann:</cite><time>0:00</time><p>{TEXT}</p></body></html>\n", "html"),
        Sample("talk.csv", 'start,end,text\n0,1500," We tried Himo Jam today, ""again""."\n', "csv"),
        Sample("premiere.csv", f'"Speaker Name","Start Time","End Time","Text"\n"Ann","00:00:00:00","00:00:01:12","{TEXT}"\n', "csv"),
        Sample("talk.tsv", f"start\tend\ttext\n0\t1500\t{TEXT}\n", "tsv"),
        Sample("labels.txt", f"0.000000\t1.500000\t{TEXT}\n1.500000\t2.000000\tFine.\n", "tsv"),
        Sample("talk.TextGrid", grid, "textgrid", 2),
        Sample("short.TextGrid", f'File type = "ooTextFile"\nObject class = "TextGrid"\n\n0\n1.5\n<exists>\n1\n"IntervalTier"\n"Ann"\n0\n1.5\n1\n'
               f'0\n1.5\n"{TEXT}"\n', "textgrid"),
        Sample("talk.eaf", eaf, "eaf"),
        Sample("talk.trs", '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE Trans SYSTEM "trans-14.dtd">\n<Trans>\n<Episode><Section '
               'type="report" startTime="0" endTime="1.5"><Turn speaker="spk1" startTime="0" endTime="1.5">\n<Sync time="0"/>\n'
               f"{TEXT}\n</Turn></Section></Episode>\n</Trans>\n", "trs"),
        Sample("talk.cha", "@UTF8\n@Begin\n@Languages:\teng\n@Participants:\tANN Ann Adult\n@ID:\teng|c|ANN|||||Adult|||\n"
               "*ANN:\twe tried Himo Jam today . \x150_1500\x15\n@End\n", "chat"),
        Sample("talk.ctm", "".join(f"talk 1 {k * 0.3:.2f} 0.30 {w.strip('.')} 0.9\n" for k, w in enumerate(WORDS)), "ctm"),
        Sample("talk.stm", ";; made by hand\ntalk 1 ann 0.00 1.50 <o,f0,female> we tried Himo Jam today\n", "stm"),
        Sample("fw.jsonl", json.dumps({"start": 0.0, "end": 1.5, "text": f" {TEXT}"}) + "\n"
               + json.dumps({"start": 1.5, "end": 2.0, "text": " Fine."}) + "\n", "jsonl"),
        Sample("manifest.ndjson", json.dumps({"audio_filepath": "a.wav", "duration": 1.5, "text": TEXT, "pred_text": TEXT}) + "\n", "nemo", 2),
    ]  # fmt: skip


SAMPLES: tuple[Sample, ...] = (*_vendors(), *_texts())
