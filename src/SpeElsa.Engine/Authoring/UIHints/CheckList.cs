using System.Reflection;
using SpeElsa.Engine.Definitions;

namespace Elsa.Workflows.UIHints.CheckList;

/// <summary>The choices of a check list.</summary>
public class CheckList
{
    /// <summary>The choices.</summary>
    public IEnumerable<CheckListItem> Items { get; set; } = [];

    /// <summary>Whether the choices are flags of one value.</summary>
    public bool IsFlagsEnum { get; set; }
}

/// <summary>A choice.</summary>
/// <param name="Text">What people see.</param>
/// <param name="Value">What is stored.</param>
public record CheckListItem(string Text, string Value);

/// <summary>What a check list needs.</summary>
public class CheckListProps
{
    /// <summary>The choices.</summary>
    public CheckList? CheckList { get; set; }
}

/// <summary>Base of classes that give the choices of a check list.</summary>
public abstract class CheckListOptionsProviderBase : PropertyUIHandlerBase
{
    /// <summary>Whether the designer asks again when another input changes. Default false.</summary>
    protected virtual bool RefreshOnChange => false;

    /// <inheritdoc />
    public override async ValueTask<IDictionary<string, object>> GetUIPropertiesAsync(
        PropertyInfo propertyInfo, object? context, CancellationToken cancellationToken = default)
    {
        var items = await GetItemsAsync(propertyInfo, context, cancellationToken);
        var list = new CheckList { Items = items, IsFlagsEnum = UIOptions.IsFlags(propertyInfo) };
        return UIOptions.Of(InputUIHints.CheckList, items.Count > 0 ? new CheckListProps { CheckList = list } : null, RefreshOnChange, GetUIPropertyAdditionalOptions());
    }

    /// <summary>The choices.</summary>
    protected abstract ValueTask<ICollection<CheckListItem>> GetItemsAsync(PropertyInfo propertyInfo, object? context, CancellationToken cancellationToken);

    /// <summary>What else the editor needs, by key.</summary>
    protected virtual IDictionary<string, object> GetUIPropertyAdditionalOptions() => new Dictionary<string, object>();
}

/// <summary>Takes the choices from the input's options, or from its enum.</summary>
public class StaticCheckListOptionsProvider : CheckListOptionsProviderBase
{
    /// <summary>Before all others.</summary>
    public override float Priority => -1;

    /// <inheritdoc />
    protected override ValueTask<ICollection<CheckListItem>> GetItemsAsync(PropertyInfo propertyInfo, object? context, CancellationToken cancellationToken) =>
        new([.. UIOptions.ChoicesOf(propertyInfo).Select(choice => new CheckListItem(choice.Text, choice.Value))]);
}

/// <summary>Check lists take their choices from <see cref="StaticCheckListOptionsProvider"/>.</summary>
public class CheckListUIHintHandler : IUIHintHandler
{
    /// <inheritdoc />
    public string UIHint => InputUIHints.CheckList;

    /// <inheritdoc />
    public ValueTask<IEnumerable<Type>> GetPropertyUIHandlersAsync(PropertyInfo propertyInfo, CancellationToken cancellationToken) => new([typeof(StaticCheckListOptionsProvider)]);
}
