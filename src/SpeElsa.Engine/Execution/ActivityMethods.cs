using System.Collections.Concurrent;
using System.Reflection;
using Elsa.Workflows;

namespace SpeElsa.Engine.Execution;

/// <summary>Turns the methods an activity goes on with into names that can be stored, and back.</summary>
internal static class ActivityMethods
{
    private const BindingFlags AnyMethod = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;
    private static readonly ConcurrentDictionary<(Type Type, string Name), MethodInfo?> Found = new();

    /// <summary>The name to store, or null for no method.</summary>
    /// <exception cref="ArgumentException">The delegate is a lambda or a method of something else: it could not be found again after a restart.</exception>
    public static string? NameOf(Delegate? callback, IActivity activity)
    {
        if (callback is null)
        {
            return null;
        }

        var method = callback.Method;
        if (method.DeclaringType?.IsInstanceOfType(activity) != true || method.Name.Contains('<', StringComparison.Ordinal))
        {
            throw new ArgumentException(
                $"'{method.DeclaringType?.Name}.{method.Name}' can not be found again after a restart. "
                + $"Use a method of {activity.GetType().Name} as the callback, not a lambda or a method of another class.",
                nameof(callback));
        }

        return method.Name;
    }

    public static ExecuteActivityDelegate Resume(IActivity activity, string name) => Bind<ExecuteActivityDelegate>(activity, name);

    public static ActivityCompletionCallback Completion(IActivity activity, string name) => Bind<ActivityCompletionCallback>(activity, name);

    private static TDelegate Bind<TDelegate>(IActivity activity, string name)
        where TDelegate : Delegate
    {
        var method = Found.GetOrAdd((activity.GetType(), name), static key => Find(key.Type, key.Name))
            ?? throw new InvalidOperationException(
                $"{activity.Type} has no method '{name}' any more, but a stored instance waits to go on there. "
                + "Put a method of that name back, or migrate the instance.");
        return method.IsStatic ? method.CreateDelegate<TDelegate>() : method.CreateDelegate<TDelegate>(activity);
    }

    private static MethodInfo? Find(Type? type, string name)
    {
        for (; type is not null; type = type.BaseType)
        {
            var method = type.GetMethods(AnyMethod | BindingFlags.DeclaredOnly).FirstOrDefault(candidate => candidate.Name == name && candidate.GetParameters().Length == 1);
            if (method is not null)
            {
                return method;
            }
        }

        return null;
    }
}
