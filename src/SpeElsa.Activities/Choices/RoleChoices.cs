using System.Reflection;
using Elsa.Workflows.UIHints.Dropdown;

namespace SpeElsa.Activities;

/// <summary>The roles of the product, by the names that people know.</summary>
public sealed class RoleChoices : DropDownOptionsProviderBase
{
    /// <inheritdoc />
    protected override ValueTask<ICollection<SelectListItem>> GetItemsAsync(PropertyInfo propertyInfo, object? context, CancellationToken cancellationToken) =>
        new([.. Roles.All.Select(role => new SelectListItem(Roles.Title(role), role))]);
}
