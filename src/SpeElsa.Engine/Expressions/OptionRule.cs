using Microsoft.Extensions.Options;

namespace SpeElsa.Engine.Expressions;

/// <summary>Says which option of a script language is wrong, and what it has to be.</summary>
internal static class OptionRule
{
    public static string[] Check<T>(bool isRight, string name, string rule) => isRight ? [] : [$"{typeof(T).Name}.{name} has to be {rule}."];

    public static string[] CheckTime<T>(TimeSpan time, string name) => Check<T>(time > TimeSpan.Zero && time <= TimeSpan.FromHours(1), name, "more than 0 and at most an hour");

    public static ValidateOptionsResult Result(string[] errors) => errors.Length > 0 ? ValidateOptionsResult.Fail(errors) : ValidateOptionsResult.Success;
}
