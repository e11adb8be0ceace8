using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace SpeElsa.Server.Tests.BadInput;

/// <summary>What nobody should send: bodies, members, arguments, parts of paths, headers.</summary>
internal static partial class BadValues
{
    private static readonly string Long = new('x', 100_000);

    /// <summary>Parts of paths, escaped.</summary>
    public static readonly (string Kind, string Value)[] Paths =
    [
        ("dots", "..%2f..%2fetc%2fpasswd"), ("backslashes", "..%5c..%5cwindows"), ("zero byte", "a%00b"), ("5,000 characters", new string('x', 5000)), ("emoji", "%F0%9F%98%80"),
        ("spaces", "%20%20"), ("quotes", "%22%27%60"), ("SQL", "'%3B%20DROP%20TABLE%20Moves%3B%20--"), ("no UTF-8", "%C3%28"), ("a lone surrogate", "%ED%A0%80"), ("a line of its own", "x%0d%0aSet-Cookie:%20a=b"),
        ("a negative number", "-1"), ("a huge number", "99999999999999999999"), ("a percent sign", "%25"), ("wildcards", "*%3F"), ("a semicolon", "a;b=c"),
    ];

    /// <summary>Bodies that are no JSON at all.</summary>
    public static readonly (string Kind, byte[] Value)[] Broken =
    [
        ("cut off", "{\"a\":1"u8.ToArray()), ("a comma too many", "{\"a\":1,}"u8.ToArray()), ("single quotes", "{'a':1}"u8.ToArray()), ("a word", "nonsense"u8.ToArray()), ("two in one", "{}{}"u8.ToArray()),
        ("no UTF-8", [(byte)'{', (byte)'"', 0xff, 0xfe, (byte)'"', (byte)':', (byte)'1', (byte)'}']), ("zero bytes", new byte[16]), ("a comment", "{/* a */}"u8.ToArray()),
        ("2,000 lists in lists", Encoding.ASCII.GetBytes(new string('[', 2000) + new string(']', 2000))),
        ("2,000 objects in objects", Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("{\"a\":", 2000)) + "1" + new string('}', 2000))),
        ("2 MiB", Encoding.ASCII.GetBytes($"{{\"a\":\"{new string('x', 2 * 1024 * 1024)}\"}}")),
    ];

    /// <summary>JSON where an object is wanted.</summary>
    public static readonly string[] WrongKinds = ["[]", "[{}]", "5", "\"text\"", "true"];

    public static readonly string?[] ContentTypes = ["text/plain", "application/xml", "multipart/form-data", "application/json; charset=nonsense", "application/json; charset=utf-16", "nonsense", null];

    public static readonly (string Name, string Value)[] Headers =
    [
        ("If-Match", "nonsense"), ("If-None-Match", "\"unclosed"), ("If-Modified-Since", "yesterday"), ("Idempotency-Key", new string('k', 10_000)), ("Accept", "nonsense/*;q=7"), ("Accept-Encoding", "nonsense;q=x"),
        ("Accept-Language", "!!"), ("Content-Encoding", "nonsense"), ("Range", "bytes=9-1"), ("Cookie", "SpeElsa=" + new string('c', 3000)), ("X-Forwarded-For", "'; DROP TABLE Moves; --"), ("X-HTTP-Method-Override", "DELETE"),
        ("Origin", "https://evil.example"), ("Forwarded", "for=\"_gazonk\""), ("Idempotency-Key", "two words"), ("Content-MD5", "x"),
    ];

    /// <summary>Arguments of a query that can not be what is wanted, escaped.</summary>
    public static string[] Arguments(string name, Type type) =>
        type == typeof(bool) ? ["yes", "2"]
        : type == typeof(DateTimeOffset) ? ["2026-01-01,2026-01-01", "yesterday", "2026-13-45", "0001-01-01T00:00:00%2B14:00", "9999-12-31T23:59:59-14:00"]
        : type.IsPrimitive ? name is "page" or "pageSize" or "take" ? [.. Numbers, "0"] : Numbers
        : name is "state" or "versionOptions" or "orderBy" or "orderDirection" or "status" or "subStatus" ? ["lost", "%F0%9F%98%80", "7,7"]
        : name is "input" or "variables" ? ["{", "[]", "5"]
        : [new string('x', 5000), "a%00b", "a%0Ab"];

    private static readonly string[] Numbers = ["x", "-1", "1.5", "1e3", "99999999999999999999", "%20"];

    /// <summary>What can not stand for a value of a good body, as JSON.</summary>
    public static IEnumerable<(string Kind, string Json)> Members(JsonNode? good)
    {
        switch (good)
        {
            case JsonObject:
                return [("a number", "5"), ("a text", "\"x\""), ("a list", "[1]"), ("a truth", "true")];
            case JsonArray:
                return [("a number", "5"), ("a text", "\"x\""), ("an object", "{\"a\":1}"), ("a list of null", "[null]"), ("a list of numbers", "[5]"), ("a list of lists", "[[]]")];
        }

        var text = good!.GetValueKind() is System.Text.Json.JsonValueKind.String ? (string)good! : null;
        return good.GetValueKind() switch
        {
            System.Text.Json.JsonValueKind.Number => [("a text", "\"x\""), ("a truth", "true"), ("an object", "{}"), ("a part of one", "1.5"), ("a huge number", "99999999999999999999"), ("infinite", "1e400"), ("negative", "-1")],
            System.Text.Json.JsonValueKind.String when Time().IsMatch(text!) =>
                [("a number", "5"), ("words", "\"soon\""), ("negative", "\"-01:00:00\""), ("27 years", "\"9999.00:00:00\""), ("no time", "\"25:61:61\""), ("an object", "{}"), ("zero", "\"00:00:00\"")],
            System.Text.Json.JsonValueKind.String when Date().IsMatch(text!) =>
            [
                ("a number", "5"), ("words", "\"yesterday\""), ("no date", "\"2026-13-45T00:00:00Z\""), ("before the first", "\"0001-01-01T00:00:00+14:00\""), ("the first", "\"0001-01-01T00:00:00Z\""),
                ("after the last", "\"9999-12-31T23:59:59-14:00\""), ("the last", "\"9999-12-31T23:59:59Z\""), ("an object", "{}"),
            ],
            System.Text.Json.JsonValueKind.String =>
            [
                ("a number", "5"), ("a truth", "true"), ("an object", "{}"), ("a list", "[\"x\"]"), ("100,000 characters", $"\"{Long}\""), ("a zero byte", "\"a\\u0000b\""), ("a control character", "\"a\\u0007b\""),
                ("a lone surrogate", "\"a\\ud800b\""), ("the other lone surrogate", "\"\\udc00\""),
            ],
            _ => [("a text", "\"yes\""), ("a number", "1"), ("an object", "{}")],
        };
    }

    /// <summary>What can not stand for a value that must be there.</summary>
    public static IEnumerable<(string Kind, string Json)> Empties(JsonNode? good) =>
        good?.GetValueKind() is System.Text.Json.JsonValueKind.String ? [("null", "null"), ("empty", "\"\""), ("blank", "\"  \"")] : [("null", "null")];

    [GeneratedRegex(@"^\d\d:\d\d:\d\d$")]
    private static partial Regex Time();

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT")]
    private static partial Regex Date();
}
