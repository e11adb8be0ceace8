using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace SpeElsa.Server.Tests.BadInput;

/// <summary>Makes bad requests for an endpoint, the same ones each time.</summary>
/// <param name="known">What there is to name in a path: by the start of a pattern with the parameter at its end.</param>
internal sealed partial class BadRequests(IReadOnlyList<(string Pattern, string Value)> known)
{
    private const int Seed = 20261127;
    private const int PathsEach = 3;
    private const int UnreadEach = 2;
    private const int BodiesEach = 5;
    private const int MembersEach = 2;
    private const int HeadersEach = 1;
    private static readonly string[] WithBody = ["POST", "PUT", "PATCH"];

    /// <summary>Endpoints of Elsa read their queries themselves; these are what they read.</summary>
    private static readonly Dictionary<string, (string Name, Type Type)[]> Queries = new(StringComparer.Ordinal)
    {
        ["GET /elsa/api/workflow-definitions"] =
            [("page", typeof(int)), ("pageSize", typeof(int)), ("versionOptions", typeof(string)), ("isSystem", typeof(bool)), ("isReadonly", typeof(bool)), ("usableAsActivity", typeof(bool)), ("orderBy", typeof(string)), ("orderDirection", typeof(string))],
        ["GET /elsa/api/workflow-definitions/{definitionId}"] = [("versionOptions", typeof(string))],
        ["GET /elsa/api/workflow-definitions/by-definition-id/{definitionId}"] = [("versionOptions", typeof(string))],
        ["GET /elsa/api/workflow-definitions/{definitionId}/execute"] = [("versionOptions", typeof(string)), ("input", typeof(string)), ("variables", typeof(string))],
        ["GET /elsa/api/workflow-definitions/{definitionId}/export"] = [("versionOptions", typeof(string))],
        ["GET /elsa/api/workflow-instances"] =
            [("page", typeof(int)), ("pageSize", typeof(int)), ("version", typeof(int)), ("isSystem", typeof(bool)), ("hasIncidents", typeof(bool)), ("isExecuting", typeof(bool)), ("status", typeof(string)), ("subStatus", typeof(string)), ("orderBy", typeof(string)), ("orderDirection", typeof(string))],
        ["GET /elsa/api/workflow-instances/{id}/journal"] = [("page", typeof(int)), ("pageSize", typeof(int)), ("skip", typeof(int)), ("take", typeof(int))],
    };

    /// <summary>Endpoints for which an Idempotency-Key counts.</summary>
    private static readonly string[] Keyed = ["POST /api/moves/", "POST /api/tasks/{id}/complete", .. new[] { "execute", "dispatch", "bulk-dispatch" }.Select(verb => $"POST /elsa/api/workflow-definitions/{{definitionId}}/{verb}")];

    private readonly Random _random = new(Seed);

    public IEnumerable<BadRequest> Of(string method, RouteEndpoint endpoint)
    {
        var pattern = "/" + endpoint.RoutePattern.RawText!.TrimStart('/');
        var name = $"{method} {pattern}";
        var accepts = endpoint.Metadata.GetMetadata<IAcceptsMetadata>();
        var sample = Samples.Find(name, accepts?.RequestType);
        var isElsa = pattern.StartsWith("/elsa/", StringComparison.Ordinal);
        var all = Paths(name, method, pattern).Concat(Arguments(name, method, pattern, endpoint, isElsa)).Concat(Headers(name, method, pattern, sample));
        return !WithBody.Contains(method, StringComparer.Ordinal) ? all
            : sample is null ? all.Concat(Unread(name, method, pattern))
            : all.Concat(Bodies(name, method, pattern, isElsa, accepts, sample)).Concat(Members(name, method, pattern, isElsa, sample));
    }

    private IEnumerable<BadRequest> Paths(string name, string method, string pattern)
    {
        foreach (var parameter in Parameter().Matches(pattern).Select(match => match.Value).ToArray())
        {
            foreach (var (kind, value) in Some(BadValues.Paths, PathsEach))
            {
                var path = Fill(pattern.Replace(parameter, value, StringComparison.Ordinal), _ => "none");
                yield return new BadRequest(name, $"path {parameter}: {kind}", method, path) { Body = Bytes(method, "{}") };
            }
        }
    }

    private IEnumerable<BadRequest> Arguments(string name, string method, string pattern, RouteEndpoint endpoint, bool isElsa)
    {
        var path = method == "GET" && !pattern.EndsWith("/execute", StringComparison.Ordinal) ? Real(pattern) : None(pattern);
        var read = Queries.GetValueOrDefault(name) ??
        [
            .. endpoint.Metadata.OfType<IParameterBindingMetadata>()
                .Select(parameter => (parameter.Name, Type: Nullable.GetUnderlyingType(parameter.ParameterInfo.ParameterType) ?? parameter.ParameterInfo.ParameterType))
                .Where(parameter => IsPlain(parameter.Type) && !pattern.Contains($"{{{parameter.Name}", StringComparison.Ordinal)),
        ];
        foreach (var (argument, type) in read)
        {
            foreach (var value in BadValues.Arguments(argument, type).Where(value => !isElsa || value != "0"))
            {
                yield return new BadRequest(name, $"query {argument}: {(value.Length > 40 ? "long" : value)}", method, $"{path}?{argument}={value}") { Body = Bytes(method, "{}") };
            }

            if (type != typeof(DateTimeOffset))
            {
                yield return new BadRequest(name, $"query {argument}: twice", method, $"{path}?{argument}=1&{argument}=2") { Body = Bytes(method, "{}") };
            }
        }

        if (read.Length == 0 && method == "GET")
        {
            yield return new BadRequest(name, "query that is not read", method, $"{path}?page=x&pageSize=-1&versionOptions=lost&a=%00&a=%ED%A0%80&{new string('q', 1500)}&=&&==");
        }

        if (!isElsa && method == "GET")
        {
            yield return new BadRequest(name, "wrong method", "PATCH", path) { Body = "{}"u8.ToArray() };
        }
    }

    private IEnumerable<BadRequest> Headers(string name, string method, string pattern, JsonObject? sample)
    {
        var isKeyed = Keyed.Contains(name, StringComparer.Ordinal);
        foreach (var header in isKeyed ? BadValues.Headers.Where(header => header.Name == "Idempotency-Key") : Some(BadValues.Headers, HeadersEach))
        {
            var path = isKeyed || method == "GET" && !pattern.EndsWith("/execute", StringComparison.Ordinal) ? Real(pattern) : None(pattern);
            if (isKeyed && header.Value == "two words" && pattern.StartsWith("/elsa/", StringComparison.Ordinal))
            {
                continue;
            }

            var body = isKeyed ? Samples.Plain(sample)!.ToJsonString() : "{\"noSuchMember\":1}";
            yield return new BadRequest(name, $"header {header.Name}: {(header.Value.Length > 40 ? "long" : header.Value)}", method, path) { Body = Bytes(method, body), Header = header };
        }
    }

    /// <summary>Bodies for an endpoint that is not known to read one.</summary>
    private IEnumerable<BadRequest> Unread(string name, string method, string pattern)
    {
        foreach (var (kind, body) in Some(BadValues.Broken[..^1], UnreadEach))
        {
            yield return new BadRequest(name, $"body that is not read: {kind}", method, None(pattern)) { Body = body };
        }

        yield return new BadRequest(name, "body that is not read: a broken form", method, None(pattern)) { Body = "a=%ZZ&&=\0"u8.ToArray(), ContentType = "application/x-www-form-urlencoded" };
        yield return new BadRequest(name, "body that is not read: a form without a boundary", method, None(pattern)) { Body = "--x"u8.ToArray(), ContentType = "multipart/form-data" };
        yield return new BadRequest(name, "body that is not read: a form cut off", method, None(pattern)) { Body = "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb"u8.ToArray(), ContentType = "multipart/form-data; boundary=x" };
    }

    private IEnumerable<BadRequest> Bodies(string name, string method, string pattern, bool isElsa, IAcceptsMetadata? accepts, JsonObject sample)
    {
        var path = Real(pattern);
        foreach (var (kind, body) in Some(BadValues.Broken[..^1], BodiesEach))
        {
            yield return new BadRequest(name, $"body: {kind}", method, path) { Body = body };
        }

        yield return new BadRequest(name, "body: cut off, in pieces", method, path) { Body = BadValues.Broken[0].Value, IsChunked = true };
        yield return new BadRequest(name, "body: 2 MiB, in pieces", method, path) { Body = BadValues.Broken[^1].Value, IsChunked = true };
        foreach (var body in Some(BadValues.WrongKinds, BodiesEach - 2))
        {
            yield return new BadRequest(name, $"body: {body}", method, path) { Body = Encoding.UTF8.GetBytes(body) };
        }

        // Elsa's endpoints take whatever comes as JSON, so what comes is wrong too.
        var good = Samples.Plain(sample)!.ToJsonString();
        foreach (var type in Some(BadValues.ContentTypes, BodiesEach - 2))
        {
            yield return new BadRequest(name, $"content type: {type ?? "none"}", method, path) { Body = Encoding.UTF8.GetBytes(isElsa ? "[]" : good), ContentType = type };
        }

        if (accepts?.IsOptional != true)
        {
            var where = isElsa ? None(pattern) : path;
            yield return new BadRequest(name, "body: null", method, where) { Body = "null"u8.ToArray() };
            yield return new BadRequest(name, "body: empty", method, where) { Body = [] };
            yield return new BadRequest(name, "body: none", method, where);
        }

        yield return new BadRequest(name, "member nobody knows", method, isElsa ? None(pattern) : path)
        {
            Body = Encoding.UTF8.GetBytes(isElsa ? "{\"noSuchMember\":1}" : good.Length > 2 ? $"{good[..^1]},\"noSuchMember\":1}}" : "{\"noSuchMember\":1}"),
        };
    }

    private IEnumerable<BadRequest> Members(string name, string method, string pattern, bool isElsa, JsonObject sample)
    {
        foreach (var (place, key, value) in Walk(sample, ""))
        {
            var isNeeded = key.EndsWith('!');
            foreach (var (kind, json) in Some([.. BadValues.Members(value), .. isNeeded ? BadValues.Empties(value) : []], MembersEach))
            {
                yield return new BadRequest(name, $"member {place}: {kind}", method, Real(pattern)) { Body = Encoding.UTF8.GetBytes(With(sample, place, json)) };
            }

            if (isNeeded)
            {
                yield return new BadRequest(name, $"member {place}: missing", method, Real(pattern)) { Body = Encoding.UTF8.GetBytes(With(sample, place, null)) };
            }

            if (!isElsa && !place.Contains('.', StringComparison.Ordinal))
            {
                var good = Samples.Plain(sample)!.ToJsonString();
                yield return new BadRequest(name, $"member {place}: twice", method, Real(pattern)) { Body = Encoding.UTF8.GetBytes($"{good[..^1]},\"{place.TrimEnd('!')}\":{Samples.Plain(value)?.ToJsonString() ?? "null"}}}") };
            }
        }
    }

    private static IEnumerable<(string Place, string Key, JsonNode? Value)> Walk(JsonNode? node, string before)
    {
        if (node is JsonArray { Count: > 0 } list)
        {
            return Walk(list[0], $"{before}0.");
        }

        // What is in a workflow is looked at when it is published; a draft is kept as it is.
        return node is not JsonObject item || before.EndsWith("root.", StringComparison.Ordinal) ? [] : item.SelectMany(pair => Walk(pair.Value, $"{before}{pair.Key}.").Prepend(($"{before}{pair.Key}", pair.Key, pair.Value)));
    }

    /// <summary>The good body with one value replaced, or left out.</summary>
    private static string With(JsonObject sample, string place, string? json)
    {
        const string Mark = "@here@";
        var copy = sample.DeepClone();
        JsonNode? at = copy;
        var parts = place.Split('.');
        foreach (var part in parts[..^1])
        {
            at = at is JsonArray list ? list[0] : at![part];
        }

        if (json is null)
        {
            at!.AsObject().Remove(parts[^1]);
        }
        else
        {
            at![parts[^1]] = Mark;
        }

        return Samples.Plain(copy)!.ToJsonString().Replace($"\"{Mark}\"", json, StringComparison.Ordinal);
    }

    private T[] Some<T>(T[] from, int count) => count >= from.Length ? from : [.. _random.GetItems(from, count).Distinct()];

    private static byte[]? Bytes(string method, string body) => WithBody.Contains(method, StringComparer.Ordinal) ? Encoding.UTF8.GetBytes(body) : null;

    private static bool IsPlain(Type type) => type == typeof(string) || type == typeof(bool) || type == typeof(DateTimeOffset) || type.IsPrimitive;

    private static string None(string pattern) => Fill(pattern, _ => "none");

    private string Real(string pattern) => Fill(pattern, start => known.FirstOrDefault(one => start.EndsWith(one.Pattern, StringComparison.Ordinal)).Value ?? "none");

    private static string Fill(string pattern, Func<string, string> value) => Parameter().Replace(pattern, match => value(pattern[..(match.Index + match.Length)]));

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();
}
